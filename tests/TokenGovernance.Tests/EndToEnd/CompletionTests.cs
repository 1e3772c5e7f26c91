using System.Diagnostics;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What shells offer, by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class CompletionTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("token-governance ", "anomalies", "budget", "collect", "compact", "completion", "config", "doctor", "export-csv", "export-parquet", "fleet", "forecast", "forget", "init", "mcp", "metrics", "quota", "report", "retention", "schema", "serve", "setup", "status")]
    [InlineData("token-governance co", "collect", "compact", "completion", "config")]
    [InlineData("token-governance collect --o", "--once", "--openclaw-bin", "--openclaw-home")]
    [InlineData("token-governance collect --once --o", "--openclaw-bin", "--openclaw-home")]
    [InlineData("token-governance collect --log-format ", "json", "text")]
    [InlineData("token-governance completion ", "bash", "fish", "powershell", "zsh")]
    public void SuggestionsAreWhatMayFollowEachOnce(string line, params string[] expected)
    {
        var suggestions = Suggest(line);

        suggestions.Should().OnlyHaveUniqueItems();
        suggestions.Where(suggestion => line.EndsWith("--o", StringComparison.Ordinal) || !suggestion.StartsWith('-'))
            .Should().Equal(expected);
    }

    [Fact]
    public void AgentsComeFromTheStore()
    {
        using var scene = new Reports.ReportScene();
        scene.Collect("docs", "sample-home");

        Suggest($"token-governance collect --db {scene.Db} --agent ").Should().Contain(["main", "ops", "research"]);
    }

    [Fact]
    public void HelpIsOfferedOnceForAVerb() => Suggest("token-governance collect ").Should().ContainSingle(suggestion => suggestion == "--help");

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef _token_governance")]
    [InlineData("fish", "complete -c token-governance")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native")]
    public void EachShellHasAScriptThatAsksTheProgram(string shell, string text)
    {
        var result = Cli.Run("completion", shell);

        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain(text).And.Contain("[suggest:");
    }

    [Fact]
    public void BashCompletesWithTheScript()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(_folder["completion.bash"], Cli.Run("completion", "bash").Output);

        Bash($"""
            token-governance() {"{"} {TestedProgram.ShellWords} "$@"; {"}"}
            . '{_folder["completion.bash"]}'
            COMP_LINE='token-governance collect --op' COMP_POINT=29 COMP_WORDS=(token-governance collect --op) COMP_CWORD=2
            _token_governance token-governance --op collect
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """).Should().Be("--openclaw-bin\n--openclaw-home\n");
    }

    static string[] Suggest(string line)
    {
        var result = Cli.Run($"[suggest:{line.Length}]", line);
        result.ExitCode.Should().Be(0);

        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    static string Bash(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);

        return output;
    }
}
