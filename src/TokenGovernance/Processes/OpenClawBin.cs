namespace TokenGovernance.Processes;

/// <summary>Finds the program `openclaw` as it is installed on each platform.</summary>
static class OpenClawBin
{
    const string UsualName = "openclaw";

    /// <summary>Returns the full path of the program, or NULL if there is none that may be run.</summary>
    /// <param name="named">What the user named: a path, or a name to be looked for; NULL for the usual one.</param>
    /// <param name="searchPath">Folders to look in, in the form of `$PATH`. Relative ones are skipped: they are no safe place to run from.</param>
    public static string? TryFind(string? named, string? searchPath)
    {
        var name = named ?? UsualName;
        var folders = name.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            ? [Directory.GetCurrentDirectory()]
            : (searchPath ?? "").Split(Path.PathSeparator).Select(folder => folder.Trim('"')).Where(Path.IsPathFullyQualified);

        return folders
            .SelectMany(folder => FileNames(name).Select(file => Path.GetFullPath(Path.Combine(folder, file))))
            .FirstOrDefault(MayBeRun);
    }

    /// <summary>On Windows, npm installs a `.cmd` beside a shell script of the bare name, which Windows cannot run.</summary>
    static IEnumerable<string> FileNames(string name) =>
        !OperatingSystem.IsWindows() || Path.GetExtension(name).ToUpperInvariant() is ".EXE" or ".CMD" or ".BAT"
            ? [name]
            : [$"{name}.exe", $"{name}.cmd"];

    static bool MayBeRun(string path)
    {
        const UnixFileMode anyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & anyExecute) != 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
