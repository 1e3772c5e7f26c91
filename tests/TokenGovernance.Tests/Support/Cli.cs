using System.Diagnostics;

namespace TokenGovernance.Tests;

/// <summary>Runs the real program as a process of its own.</summary>
static class Cli
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    static readonly string[] NoRights = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

    /// <summary>Runs it to its end.</summary>
    public static CliResult Run(params string[] args) => Run([], args);

    /// <summary>Runs it to its end with environment variables of its own.</summary>
    public static CliResult Run(Dictionary<string, string?> environment, params string[] args) => RunToEnd(Start(environment, args), args);

    /// <summary>Runs it to its end as somebody who may not read what is forbidden: root gives that right away.</summary>
    public static CliResult RunWithoutRights(Dictionary<string, string?> environment, params string[] args) =>
        RunToEnd(Start(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? NoRights : [], environment, args), args);

    /// <summary>Runs it to its end where no file takes more than so many KiB: what is beyond fails to be written, as on a full disk.</summary>
    public static CliResult RunWithFilesUpTo(int kibibytes, params string[] args) =>
        RunToEnd(Start(["/bin/sh", "-c", $"trap '' XFSZ; ulimit -f {kibibytes * 2}; exec \"$@\"", "sh"], new() { ["DOTNET_EnableWriteXorExecute"] = "0" }, args), args);

    static CliResult RunToEnd(Process started, string[] args)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();

            throw new TimeoutException($"token-governance {string.Join(' ', args)} does not end.");
        }

        return new CliResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Starts it; the caller reads its output and sees to its end.</summary>
    public static Process Start(Dictionary<string, string?> environment, params string[] args) => Start([], environment, args);

    static Process Start(string[] by, Dictionary<string, string?> environment, string[] args)
    {
        string[] command = [.. by, .. TestedProgram.Command];
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            StandardErrorEncoding = System.Text.Encoding.UTF8,
        };
        foreach (var arg in command.Skip(1).Concat(args))
        {
            start.ArgumentList.Add(arg);
        }

        // What the developer's own shell says about homes and stores must not reach a test.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TOKEN_GOVERNANCE_", StringComparison.Ordinal)
            || name.StartsWith("OPENCLAW_", StringComparison.Ordinal) || name.StartsWith("CLAWDBOT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

/// <summary>What a run of the program left behind.</summary>
sealed record CliResult(int ExitCode, string Output, string Error);
