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

    [Theory]
    [InlineData("report --by agent,mo", "agent,model", "agent,month")]
    [InlineData("report --by=agent,mo", "--by=agent,model", "--by=agent,month")]
    [InlineData("report --by=ag", "--by=agent")]
    [InlineData("report --where agent=ma", "agent=main")]
    [InlineData("report --where=agent=ma", "--where=agent=main")]
    [InlineData("report --where agent=main model=claude-h", "model=claude-haiku-4-5")]
    [InlineData("report --where agent!=o", "agent!=ops")]
    [InlineData("report --sort ", "cost", "events", "tokens")]
    [InlineData("report last-m", "last-month")]
    [InlineData("report --period=last-w", "--period=last-week")]
    [InlineData("status --tz=Europe/Vi", "--tz=Europe/Vienna", "--tz=Europe/Vilnius")]
    [InlineData("forecast --until ", "month-end")]
    [InlineData("budget test ", "me", "research-day")]
    public void ValuesAreOfferedAlsoBehindASignOrAComma(string line, params string[] expected)
    {
        using var scene = new Reports.ReportScene();
        scene.Collect("docs", "sample-home");
        File.WriteAllText(scene["config.toml"], "[[budget]]\nname = 'research-day'\nperiod = 'day'\nlimit = '5 USD'\nnotify = ['me']\n[notify.me]\nexec = ['/bin/true']\n");
        line = $"token-governance --config {scene["config.toml"]} {line}";

        var result = Cli.Run(new Dictionary<string, string?> { ["TOKEN_GOVERNANCE_DB"] = scene.Db }, $"[suggest:{line.Length}]", line);

        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(one => !one.StartsWith('-') || one.Contains('=')).Should().Equal(expected);
    }

    [Fact]
    public void HelpIsOfferedOnceForAVerb() => Suggest("token-governance collect ").Should().ContainSingle(suggestion => suggestion == "--help");

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "compdef _token_governance")]
    [InlineData("fish", "complete -c token-governance")]
    [InlineData("powershell", "Register-ArgumentCompleter -Native")]
    [InlineData("powershell", "EscapeSingleQuotedStringContent($text)")]
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

    [Theory]
    [InlineData("report --where agent=ma", "=:", "main")]
    [InlineData("report --where agent=ma", "", "agent=main")]
    [InlineData("report --where=agent=ma", "=:", "main")]
    [InlineData("report --by agent,mo", "=:", "agent,model\nagent,month")]
    [InlineData("report --where model=qwen3:", "=:", "14b")]
    [InlineData("report --where job=$", "=:", "\\$\\(touch\\ hacked\\)")]
    [InlineData("report --where job=w", "=:", "wow\\!touch")]
    [InlineData("report --where job=w", "", "job=wow\\!touch")]
    [InlineData("report --where agent!=o", "=:", "ops")]
    [InlineData("report --where agent!=o", "", "agent!=ops")]
    public void BashReplacesOnlyWhatItTakesForAWordAndRunsNoName(string words, string breaks, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var scene = new Reports.ReportScene();
        scene.Collect("docs", "sample-home");
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, job_id, job_name, total_tokens, event_key) 
              VALUES ('', '2026-11-18T10:00:00.000Z', 'main', 'j', '$(touch hacked)', 1, x'01'), ('', '2026-11-18T10:00:00.000Z', 'main', 'k', 'wow!touch', 1, x'02')
            """);
        File.WriteAllText(_folder["completion.bash"], Cli.Run("completion", "bash").Output);
        var line = $"token-governance {words}";

        Bash($"""
            cd '{_folder.Path}'
            export TOKEN_GOVERNANCE_DB='{scene.Db}'
            token-governance() {"{"} {TestedProgram.ShellWords} "$@"; {"}"}
            . '{_folder["completion.bash"]}'
            COMP_WORDBREAKS=$' \t\n"><;|&({breaks}' COMP_LINE='{line}' COMP_POINT={line.Length}
            _token_governance token-governance
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """).Should().Be($"{expected}\n");
        File.Exists(_folder["hacked"]).Should().BeFalse();
    }

    [Fact]
    public void ANameThatWouldBreakTheLineOrSteerTheTerminalIsNotOffered()
    {
        using var scene = new Reports.ReportScene();
        scene.Collect("docs", "sample-home");
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, total_tokens, event_key)
              VALUES ('', '2026-11-18T10:00:00.000Z', 'good', 1, x'01'), ('', '2026-11-18T10:00:00.000Z', 'two' || char(10) || 'lines', 1, x'02'), ('', '2026-11-18T10:00:00.000Z', 'red' || char(27) || '[31m', 1, x'03')
            """);

        Suggest($"token-governance collect --db {scene.Db} --agent ").Should().Contain(["main", "good"]).And.NotContain(name => name.StartsWith("two") || name.StartsWith("lines") || name.StartsWith("red"));
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
