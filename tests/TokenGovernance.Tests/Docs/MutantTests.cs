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

    [Fact]
    public void TheTestingPageListsEveryMutant()
    {
        var listed = DocsTests.Read("docs/testing.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);
        var mutants = DocsTests.Read("tests/mutants/mutants.txt").Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..]);

        listed.Should().BeEquivalentTo(mutants);
    }
}
