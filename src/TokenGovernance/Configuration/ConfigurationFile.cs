using TokenGovernance.Domain;

namespace TokenGovernance.Configuration;

/// <summary>The one configuration file.</summary>
static class ConfigurationFile
{
    /// <summary>Nobody writes so much by hand.</summary>
    const long MaxBytes = 4 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It says something that cannot be meant.</exception>
    /// <exception cref="UserFacingException">It cannot be read.</exception>
    public static Settings Read(string path)
    {
        var problems = new List<(int Line, string Text)>();
        var settings = SettingsReader.Read(TomlTree.Parse(ReadText(path), problems));

        return problems.Count == 0
            ? settings with { Path = path, Warnings = WarningsOf(path, settings) }
            : throw new ConfigurationException([.. problems.Distinct().OrderBy(problem => problem.Line).Select(problem => $"{path}:{problem.Line}: {problem.Text}")]);
    }

    static IReadOnlyList<string> WarningsOf(string path, Settings settings)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

        return !OperatingSystem.IsWindows() && settings.HoldsSecrets && (File.GetUnixFileMode(path) & others) != 0
            ? [$"{path} holds secrets, and others may read it: chmod 600 {path}, or keep the secrets in the environment or in files of their own"]
            : [];
    }

    static string ReadText(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw new UserFacingException($"{path} is no configuration file: it has {file.Length >> 20} MiB.");
            }

            using var reader = new StreamReader(file);

            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The configuration file {path} cannot be read: {e.Message}", e);
        }
    }
}
