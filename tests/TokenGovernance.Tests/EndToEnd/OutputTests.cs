using System.Diagnostics;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What happens when output cannot be written, and when nobody foresaw a failure.</summary>
public sealed class OutputTests : IDisposable
{
    readonly Scene _scene = new();

    public OutputTests()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Collect();
    }

    public static TheoryData<string> Verbs =>
    [
        "init --db DB", "collect --once --no-status --db DB --openclaw-home HOME", "collect --once --json --no-status --db DB --openclaw-home HOME",
        "export-csv --db DB --out-dir OUT", "report --db DB", "report --json --db DB", "quota --db DB", "doctor --db DB --openclaw-home HOME",
        "config example", "completion bash", "--help", "report --help", "--version",
    ];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void ResultsThatCannotBeWrittenAreAFailureInOneLine(string verb)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Elsewhere there is no /dev/full.
        }

        var (exitCode, said) = Shell($"{Command(verb)} 2>&1 >/dev/full");

        exitCode.Should().Be(1);
        said.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Should().StartWith("error: standard output cannot be written: No space left on device");
        said.Should().NotContain("   at ");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void AReaderThatHasReadEnoughIsNoFailure(string verb)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var expected = Shell($"{Command(verb)} 2>&1 >/dev/null; echo $?");

        // `true` is gone long before the program writes.
        var said = Shell($"exec 3>&1; {Command(verb)} 2>&3 | true; echo ${{PIPESTATUS[0]}}");

        said.Should().Be(expected);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void StandardErrorThatCannotBeWrittenChangesNothing(string verb)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var (_, expected) = Shell($"{Command(verb)} 2>/dev/null; echo $?");
        var (_, said) = Shell($"{Command(verb)} 2>/dev/full; echo $?");

        said.Split('\n')[^2].Should().Be(expected.Split('\n')[^2]);
    }

    [Fact]
    public void WrongUsageIsTwoAlsoWhereNobodyCanBeTold()
    {
        if (OperatingSystem.IsLinux())
        {
            Shell($"{Command("report --nonsense")} 2>/dev/full; echo $?").Output.Should().Be("2\n");
        }
    }

    [Fact]
    public void AnInternalErrorIsOneLineAndVerboseShowsWhere()
    {
        var error = Catch(() => throw new InvalidOperationException("what\nis this?"));

        var (brief, verbose) = (new StringWriter(), new StringWriter());
        TokenGovernance.Cli.Failure.Report(error, isVerbose: false, brief).Should().Be(1);
        TokenGovernance.Cli.Failure.Report(error, isVerbose: true, verbose).Should().Be(1);

        brief.ToString().TrimEnd().Should().Be("error: internal error (InvalidOperationException: what is this?). Run with --verbose to see where.");
        verbose.ToString().Should().StartWith("error: internal error (InvalidOperationException: what is this?)").And.Contain($"   at {typeof(OutputTests).FullName}");
    }

    [Fact]
    public void OtherFailuresHaveTheirOwnExitCodesAndNeverATrace()
    {
        var said = new StringWriter();
        TokenGovernance.Cli.Failure.Report(Catch(() => throw new UserFacingException("no store")), isVerbose: true, said).Should().Be(1);
        TokenGovernance.Cli.Failure.Report(Catch(() => throw new UsageException("no such day")), isVerbose: true, said).Should().Be(2);
        TokenGovernance.Cli.Failure.Report(Catch(() => throw new OperationCanceledException()), isVerbose: true, said).Should().Be(130);

        said.ToString().ReplaceLineEndings("\n").Should().Be("error: no store\nno such day\n");
    }

    static Exception Catch(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            return e;
        }

        throw new InvalidOperationException("it did not throw");
    }

    string Command(string verb) => "$DOTNET $PROGRAM " + verb
        .Replace("DB", _scene.Db, StringComparison.Ordinal).Replace("HOME", _scene.Home.Path, StringComparison.Ordinal)
        .Replace("OUT", _scene.Folder["out"], StringComparison.Ordinal);

    static (int ExitCode, string Output) Shell(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment["DOTNET"] = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "token-governance.dll");
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();

        return (shell.ExitCode, output);
    }
}
