using System.Diagnostics;

namespace TokenGovernance.Tests;

/// <summary>Runs the real program on a terminal; Linux only.</summary>
static class Terminal
{
    /// <summary>Returns all that a person would have seen.</summary>
    public static async Task<string> RunAsync(Dictionary<string, string?> environment, params string[] args)
    {
        string[] command = [.. TestedProgram.Command, .. args];
        var start = new ProcessStartInfo("script") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] options = ["-q", "-e", "-c", string.Join(' ', command.Select(word => $"'{word}'")), "/dev/null"];
        Array.ForEach(options, start.ArgumentList.Add);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var seen = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        return seen;
    }
}
