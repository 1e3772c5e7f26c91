using System.Diagnostics;

namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

/// <summary>Writes programs that behave as `openclaw` does, or as it should not.</summary>
static class FakeOpenClaw
{
    /// <summary>A program that prints a recorded case and exits as it did.</summary>
    public static string Replaying(StatusFolder folder, string name) => OperatingSystem.IsWindows()
        ? WriteCmd(folder, $"""
            @type "{StatusCases.OutputPath(name)}"
            @type "{StatusCases.ErrorPath(name)}" 1>&2
            @exit /b {StatusCases.ExitCode(name)}
            """)
        : Running(folder, $"{Printing(name)}; cat '{StatusCases.ErrorPath(name)}' >&2; exit {StatusCases.ExitCode(name)}");

    /// <summary>Shell words that print a recorded case.</summary>
    public static string Printing(string name) => $"cat '{StatusCases.OutputPath(name)}'";

    /// <summary>A program made of shell words; not on Windows.</summary>
    public static string Running(StatusFolder folder, string script, string name = "openclaw")
    {
        var path = folder[name];

        // Another process writes it: a program cannot be run while a process that is just being started holds it open for writing,
        // and other tests start processes at any time.
        Run("/bin/sh", $"#!/bin/sh\n{script}\n", "-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", path);

        return path;
    }

    /// <summary>Runs a helper program to its end.</summary>
    public static void Run(string program, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
    }

    static string WriteCmd(StatusFolder folder, string script)
    {
        var path = folder["openclaw.cmd"];
        File.WriteAllText(path, script.ReplaceLineEndings("\r\n"));

        return path;
    }
}
