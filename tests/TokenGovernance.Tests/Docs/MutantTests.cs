using System.Diagnostics;

namespace TokenGovernance.Tests.Docs;

/// <summary>The deliberate defects of tests/mutants: trying them takes long, seeing whether each still fits the program does not.</summary>
public sealed class MutantTests
{
    [Fact]
    public void EveryMutantFitsTheProgramAndNamesATest()
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(DocsTests.Root, "tests", "mutants.py"), "--check"])
        {
            RedirectStandardOutput = true,
        };
        using var check = Process.Start(start)!;
        var output = check.StandardOutput.ReadToEnd();
        check.WaitForExit();

        check.ExitCode.Should().Be(0, output);
    }
}
