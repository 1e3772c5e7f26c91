using System.Diagnostics;
using System.Text;
using TokenGovernance.Processes;

namespace TokenGovernance.Setup;

/// <summary>Does what a plan says, step by step, and stops at the first that fails.</summary>
sealed class SetupRun
{
    static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);
    static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: true);

    /// <summary>What a failure that is no end has to tell.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Does one step.</summary>
    /// <returns>Why it failed, or NULL.</returns>
    public async Task<string?> DoAsync(SetupStep step, CancellationToken stop)
    {
        try
        {
            switch (step)
            {
                case MakeFolder folder:
                    Make(folder.Path);
                    break;
                case WriteFile file:
                    Write(file);
                    break;
                case DeleteFile file:
                    Delete(file.Path);
                    break;
                case RunProgram program:
                    return await RunAsync(program, stop);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Under a name that nobody can guess, and then in its place: whoever reads it meets the old one or the new one.</summary>
    static void Write(WriteFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        var temporary = $"{file.Path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var writer = new StreamWriter(temporary, file.IsUtf16 ? Utf16 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options))
            {
                writer.Write(file.Text);
            }

            File.Move(temporary, file.Path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Also its folder, if that is one of ours and empty now.</summary>
    static void Delete(string path)
    {
        File.Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (Path.GetFileName(folder) is "token-governance" && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }

    async Task<string?> RunAsync(RunProgram program, CancellationToken stop)
    {
        var failure = await TryRunAsync(program, stop);
        if (failure is null || program.IfItFails is not { } note)
        {
            return failure;
        }

        Notes.Add(note);

        return null;
    }

    static async Task<string?> TryRunAsync(RunProgram program, CancellationToken stop)
    {
        if (OpenClawBin.TryFind(program.Words[0], Environment.GetEnvironmentVariable("PATH")) is not { } path)
        {
            return $"there is no {program.Words[0]} on PATH";
        }

        var result = await ChildProcess.RunAsync(new ProcessStartInfo(path, program.Words.Skip(1)), TimeLimit, maxOutput: 1 << 20, TimeProvider.System, stop);

        return result switch
        {
            { End: ChildEnd.Exited, ExitCode: 0 } => null,
            { End: ChildEnd.NotStarted } => result.StartError,
            { End: ChildEnd.Exited } => $"exit code {result.ExitCode}: {LastWords(result)}",
            _ => $"it did not end within {TimeLimit.TotalMinutes} minutes",
        };
    }

    static string LastWords(ChildResult result) =>
        new[] { result.Errors, result.Output }.Select(bytes => Encoding.UTF8.GetString(bytes).Trim().ReplaceLineEndings(" "))
            .FirstOrDefault(text => text.Length > 0) ?? "it says nothing";
}
