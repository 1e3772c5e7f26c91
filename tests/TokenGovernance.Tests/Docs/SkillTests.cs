using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Docs;

/// <summary>The skill's commands and fields, each tried on a store in which there is something to find.</summary>
[Trait("Category", "Slow")]
public sealed partial class SkillTests(SkillTests.Store store) : IClassFixture<SkillTests.Store>
{
    static readonly string Skill = File.ReadAllText(Path.Combine(ReportScene.Root, "skill", "SKILL.md"));

    public static TheoryData<string, string> Questions
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (Match row in Row().Matches(Skill))
            {
                rows.Add(row.Groups["command"].Value, row.Groups["fields"].Value);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void OneCallAnswersAQuestion(string command, string fields)
    {
        var result = store.Run(command.Split(' '));

        result.ExitCode.Should().Be(0, result.Error);
        using var answer = JsonDocument.Parse(result.Output);
        foreach (var field in Code().Matches(fields).Select(match => match.Groups["code"].Value).Where(code => code.Contains('.', StringComparison.Ordinal)))
        {
            Find(answer.RootElement, field.Split('.')).Should().NotBeEmpty($"{command} has {field}");
        }
    }

    [Fact]
    public void TheQuestionsAreThoseThatPeopleAsk()
    {
        Questions.Should().HaveCountGreaterThanOrEqualTo(12);
        string.Join('\n', Row().Matches(Skill).Select(row => row.Groups["asked"].Value)).Should()
            .ContainAll("today", "yesterday", "this week against the last", "month come to", "limit", "plans", "who", "models", "cron job", "sub-agents");
    }

    [Theory]
    [InlineData("token-governance status --json", "periods[].known_cost_usd")]
    [InlineData("token-governance report yesterday --json", "totals.known_cost_usd")]
    [InlineData("token-governance report --by agent --period this-month --json", "rows[].share_of_cost")]
    [InlineData("token-governance report --by agent,parent --period this-month --json", "rows[].parent")]
    [InlineData("token-governance report jobs --period this-month --json", "rows[].cost_per_run")]
    [InlineData("token-governance forecast --json", "forecasts[].forecast.known_cost_usd.middle")]
    [InlineData("token-governance budget --json", "budgets[].used")]
    [InlineData("token-governance quota --json", "windows[].used_percent")]
    public void TheAnswerIsKnownWhereThereIsUsage(string command, string field)
    {
        Skill.Should().Contain($"`{command}`").And.Contain($"`{field}`");

        using var answer = JsonDocument.Parse(store.Run(command.Split(' ')).Output);

        Find(answer.RootElement, field.Split('.')).Should().Contain(value => value.ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public void TheOtherCommandsAndFieldsAreRight()
    {
        var collected = store.Run("token-governance", "collect", "--once", "--json", "--no-status");
        var one = store.Run("token-governance", "report", "--by", "agent", "--since", "7d", "--where", "agent=main", "--json");
        var next = store.Run("token-governance", "forecast", "--by", "agent", "--json");
        var schema = store.Run("token-governance", "schema", "report");
        var none = store.RunWithoutLimits("budget", "--json");

        collected.ExitCode.Should().Be(0, collected.Error);
        collected.Output.Should().ContainAll("\"events_added\"", "\"failed_sources\"");
        one.Output.Should().ContainAll("\"unpriced\": {", "\"last_collected\"");
        next.ExitCode.Should().Be(0, next.Error);
        schema.ExitCode.Should().Be(0);
        none.ExitCode.Should().Be(2);
    }

    [Fact]
    public void ItForbidsToShowIdentifiersInGroups() =>
        Skill[Skill.IndexOf("## Never", StringComparison.Ordinal)..].Should().Contain("in a group chat, never show").And.Contain("session keys").And.Contain("telephone numbers");

    /// <summary>The values at a path: `rows[].agent`.</summary>
    static IEnumerable<JsonElement> Find(JsonElement value, IEnumerable<string> path)
    {
        if (path.FirstOrDefault() is not { } name)
        {
            return [value];
        }

        var isList = name.EndsWith("[]", StringComparison.Ordinal);
        if (value.ValueKind is not JsonValueKind.Object || !value.TryGetProperty(isList ? name[..^2] : name, out var next))
        {
            return [];
        }

        return (isList ? next.EnumerateArray().ToList() : [next]).SelectMany(part => Find(part, path.Skip(1)));
    }

    [GeneratedRegex(@"^\| (?<asked>[^|]+) \| `(?<command>token-governance [^`]+)` \| (?<fields>.+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    /// <summary>A store with weeks of usage up to now, and one wild hour: of two agents, a cron job, heartbeats and a sub-agent.</summary>
    public sealed class Store : IDisposable
    {
        readonly TempFolder _folder = new();
        readonly Dictionary<string, string?> _environment;

        public Store()
        {
            var home = new TestHome(_folder["home/.openclaw"]);
            home.Index("""
                {"agent:main:main":{"sessionId":"s1"},"agent:main:cron:nightly":{"sessionId":"s2"},
                 "agent:main:subagent:1":{"sessionId":"s3","spawnedBy":"agent:main:main"}}
                """);
            var now = DateTimeOffset.UtcNow;
            foreach (var session in new[] { "s1", "s2", "s3" })
            {
                home.Log($"{session}.jsonl", [.. Hours(now).Select((time, i) => AnswerAt($"{session}-{i}", time, 0.01m))]);
            }

            home.LogOf("ops", "s4.jsonl", [.. Hours(now).Select((time, i) => AnswerAt($"s4-{i}", time, 0.02m)), .. Enumerable.Range(0, 600).Select(i => AnswerAt($"wild-{i}", now.AddHours(-30).AddSeconds(i), 0.5m))]);
            File.WriteAllText(_folder["config.toml"], "[[budget]]\nname = 'month'\nperiod = 'month'\nlimit = '1 USD'\n");
            _environment = new()
            {
                ["HOME"] = _folder["home"],
                ["TOKEN_GOVERNANCE_DB"] = _folder["usage.db"],
                ["TOKEN_GOVERNANCE_CONFIG"] = _folder["config.toml"],
                ["TOKEN_GOVERNANCE_OPENCLAW_BIN"] = _folder["no-openclaw"],
            };
            Cli.Run(_environment, "collect", "--once", "--no-status").ExitCode.Should().Be(0);
            StoreRows.Execute(_folder["usage.db"], string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, window_label, used_percent, reset_at_ms)
                VALUES ('{now:yyyy-MM-ddTHH:mm:ss.fffZ}', 'openai', 'window', '5h', 20, {now.AddHours(2).ToUnixTimeMilliseconds()})
                """));
        }

        /// <summary>Runs a command of the skill; its first word is the program.</summary>
        internal CliResult Run(params string[] words)
        {
            words[0].Should().Be("token-governance");

            return Cli.Run(_environment, words[1..]);
        }

        internal CliResult RunWithoutLimits(params string[] words)
        {
            File.WriteAllText(_folder["empty.toml"], "");

            return Cli.Run(new(_environment) { ["TOKEN_GOVERNANCE_CONFIG"] = _folder["empty.toml"] }, words);
        }

        public void Dispose() => _folder.Dispose();

        static IEnumerable<DateTimeOffset> Hours(DateTimeOffset now) => Enumerable.Range(0, 24 * 40).Select(hours => now.AddHours(-hours)).Reverse();

        static string AnswerAt(string id, DateTimeOffset time, decimal cost) => Some.Message(id, time: null, string.Create(CultureInfo.InvariantCulture, $$"""
            "role":"assistant","content":[],"api":"x","provider":"stubai","model":"stub-a","stopReason":"stop",
            "usage":{"input":100,"output":20,"cacheRead":3,"cacheWrite":0,"totalTokens":123,"cost":{"total":{{cost}}} }
            """).ReplaceLineEndings(""), entry: string.Create(CultureInfo.InvariantCulture, $"\"timestamp\":\"{time:yyyy-MM-ddTHH:mm:ss.fffZ}\","));
    }
}
