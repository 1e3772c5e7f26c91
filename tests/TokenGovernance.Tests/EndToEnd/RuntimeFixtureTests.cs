using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>A home whose turns other runtimes carried out: agent `main` runs Codex, agent `research` runs Claude Code.</summary>
public sealed class RuntimeFixtureTests : IDisposable
{
    static readonly Fixture Home = new("openclaw-2026.9.6-codex");

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void MirroredToolCallsAreNoResponses()
    {
        var pass = _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"]));

        pass.Failures.Should().BeEmpty();
        var rows = Home.Expected().GetProperty("transcript_rows").EnumerateArray().ToList();
        var tools = rows.Where(IsToolCall).Select(row => row.GetProperty("entry_id").GetString()).ToList();
        tools.Should().HaveCount(10);
        _scene.Events.Select(row => row.Text("entry_id")).Should().NotIntersectWith(tools);
    }

    [Fact]
    public void OfCodexEveryCallIsStoredWhereItBelongsAndNoneTwice()
    {
        _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"])).Failures.Should().BeEmpty();

        Calls("codex").Should().BeEquivalentTo(ExpectedCalls("codex"));
        _scene.Events.Where(row => row.Text("runtime") == "codex").Sum(row => row.Number("total_tokens")).Should().Be(257_750);
        _scene.Events.Where(row => row.Text("runtime") == "codex").Should().OnlyContain(row => row["cost_total"] == null && row["cost_source"] == null);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    [Fact]
    public void WithClaudeCodesFilesEveryCallIsStoredWhereItBelongsAndNoneTwice()
    {
        _scene.ClaudeProjects = CopyClaude();

        _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"])).Failures.Should().BeEmpty();

        EveryCallShouldBeThereOnce();
    }

    [Fact]
    public void WithoutThemOpenClawsRowsOfItsTurnsStandForThem()
    {
        CopyClaude();

        _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"]));

        var rows = _scene.Events.Where(row => row.Text("runtime") == "claude-code").ToList();
        rows.Should().HaveCount(3).And.OnlyContain(row => row.Text("scope") == "turn");
        rows.Sum(row => row.Number("total_tokens")).Should().Be(14_984);
    }

    [Fact]
    public void RowsThatWereStoredBeforeGiveWayOnceClaudeCodesFilesAreRead()
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        _scene.CollectFrom(home);
        _scene.ClaudeProjects = CopyClaude();

        _scene.CollectFrom(home);

        EveryCallShouldBeThereOnce();
        _scene.CollectFrom(home, rescan: true).Stored.Added.Should().Be(0);
        EveryCallShouldBeThereOnce();
    }

    /// <summary>OpenClaw names the session of Claude Code that answers now; those before a reset are known by what they used.</summary>
    [Fact]
    public void SessionsOfClaudeCodeThatOpenClawDoesNotNameAnyMoreAreKnownByWhatTheyUsed()
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        StoreRows.Execute(Path.Combine(home, "agents", "research", "agent", "openclaw-agent.sqlite"), "UPDATE session_nodes SET entry_json = json_remove(entry_json, '$.cliSessionBindings')");
        File.WriteAllText(Path.Combine(home, "openclaw.json"), """{"agents":{"list":[{"id":"research","workspace":"/home/user/workspace-research"}]}}""");
        _scene.ClaudeProjects = CopyClaude();

        _scene.CollectFrom(home).Failures.Should().BeEmpty();

        EveryCallShouldBeThereOnce();
    }

    [Fact]
    public void ReportsGroupByRuntimeAndSayWhichRowsStandForTurns()
    {
        _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"]));

        var report = Cli.Run("report", "--by", "runtime", "--db", _scene.Db, "--tz", "UTC");
        var json = JsonDocument.Parse(Cli.Run("report", "--by", "runtime", "--where", "runtime=claude-code", "--json", "--db", _scene.Db).Output).RootElement;
        var doctor = Cli.Run("doctor", "--db", _scene.Db, "--openclaw-home", _scene.Folder["copy"]);

        report.Output.Should().MatchRegex(@"codex +26 ").And.MatchRegex(@"claude-code +3 ")
            .And.Contain("3 rows of other runtimes (claude-code 3) stand for a turn each").And.Contain("--runtime claude");
        json.GetProperty("rows")[0].GetProperty("runtime").GetString().Should().Be("claude-code");
        json.GetProperty("turns")[0].GetProperty("rows").GetInt64().Should().Be(3);
        doctor.Output.Should().Contain("3 rows of other runtimes").And.Contain("[runtimes] claude = true");
    }

    [Fact]
    public void TheConfigurationOpensClaudeCodesFiles()
    {
        Directory.CreateDirectory(_scene.Folder["user"]);
        Directory.Move(CopyClaude(), Path.Combine(_scene.Folder["user"], "projects"));
        File.WriteAllText(_scene.Folder["config.toml"], "[runtimes]\nclaude = true\n");
        string[] collect = ["collect", "--once", "--no-status", "--db", _scene.Db, "--openclaw-home", Home.CopyTo(_scene.Folder["copy"])];
        var claude = new Dictionary<string, string?> { ["CLAUDE_CONFIG_DIR"] = _scene.Folder["user"] };

        Cli.Run(claude, collect).ExitCode.Should().Be(0);
        _scene.Events.Should().OnlyContain(row => !row.Text("source_file")!.EndsWith(".jsonl", StringComparison.Ordinal) || row.Text("runtime") == "codex", "nothing outside is read by default");

        Cli.Run(claude, [.. collect, "--config", _scene.Folder["config.toml"]]).ExitCode.Should().Be(0);
        EveryCallShouldBeThereOnce();
    }

    void EveryCallShouldBeThereOnce()
    {
        Calls("codex").Should().BeEquivalentTo(ExpectedCalls("codex"));
        Calls("claude-code").Should().BeEquivalentTo(ExpectedCalls("claude-cli"));
        _scene.Events.Should().HaveCount(35).And.OnlyContain(row => row.Text("scope") == "call");
        _scene.Events.Sum(row => row.Number("total_tokens")).Should().Be(303_830);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    string CopyClaude()
    {
        var (from, to) = (Fixture.PathOf("openclaw-2026.9.6-codex/claude-projects"), _scene.Folder["claude"]);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }

    /// <summary>An earlier version counted every row with usage, and its checkpoints say that all has been read.</summary>
    [Fact]
    public void AStoreThatCountedRowsIsHealedByTheNextCollection()
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        _scene.CollectFrom(home);
        var sessions = StoreRows.Query(_scene.Db, "SELECT id, home, agent_id, session_id FROM sessions");
        var checkpoints = StoreRows.Query(_scene.Db, "SELECT key, value FROM collector_state WHERE key NOT LIKE 'codex:%'");
        var expected = ComparableEvents.Of(_scene.Events);
        File.Delete(_scene.Db);
        OlderStore.MakeSchema2(_scene.Db);
        foreach (var session in sessions)
        {
            StoreRows.Execute(_scene.Db, $"INSERT INTO sessions (id, home, agent_id, session_id, first_seen_ts, last_seen_ts) VALUES ({session["id"]}, '{session["home"]}', '{session["agent_id"]}', '{session["session_id"]}', '2026-11-25T12:00:00.000Z', '2026-11-25T12:00:00.000Z')");
        }

        foreach (var checkpoint in checkpoints)
        {
            StoreRows.Execute(_scene.Db, $"INSERT INTO collector_state (key, value, updated_ts) VALUES ('{checkpoint["key"]}', '{checkpoint["value"]}', '2026-11-25T12:00:00.000Z')");
        }

        foreach (var row in Home.Expected().GetProperty("transcript_rows").EnumerateArray())
        {
            InsertAsVersion010Did(home, row);
        }

        StoreRows.Query(_scene.Db, "SELECT count(*) AS n, sum(total_tokens) AS total FROM usage_events").Single().Show("n", "total").Should().Equal("n=22", "total=267609");

        _scene.CollectFrom(home).Failures.Should().BeEmpty();

        ComparableEvents.Of(_scene.Events).Should().Equal(expected);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    void InsertAsVersion010Did(string home, JsonElement row)
    {
        UtcTime.TryParse(Say(row, "event_ts"), out var ms).Should().BeTrue();
        var key = Convert.ToHexString(EventKey.FromEntry(Say(row, "entry_id"), ms).ToBytes());
        var run = Say(row, "runtime") is "codex" ? $"'{Say(row, "run_id")}'" : "NULL";
        var agent = Say(row, "agent_id");
        StoreRows.Execute(_scene.Db, $"""
            INSERT INTO usage_events (event_ts, started_ts, ingest_ts, agent_id, session_id, session_key, model_provider, model, api, stop_reason,
              input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, cost_input, cost_output, cost_cache_read,
              cost_cache_write, cost_total, source_file, source_line_no, event_key, entry_id, run_id, cost_source, home, session_ref)
            VALUES ('{Say(row, "event_ts")}', '{UtcTime.Format(row.GetProperty("message_ts").GetInt64())}', '2026-11-25T12:00:00.000Z', '{agent}',
              '{Say(row, "session_id")}', '{Say(row, "session_key")}', '{Say(row, "model_provider")}', '{Say(row, "model")}', '{Say(row, "api")}',
              '{(row.GetProperty("total").GetInt64() == 0 ? "toolUse" : "stop")}', {Say(row, "input")}, {Say(row, "output")}, {Say(row, "cache_read")},
              {Say(row, "cache_write")}, {Say(row, "total")}, 0, 0, 0, 0, 0, '{home}/agents/{agent}/agent/openclaw-agent.sqlite', 5, x'{key}',
              '{Say(row, "entry_id")}', {run}, '{(row.GetProperty("total").GetInt64() == 0 ? "recorded" : "none-recorded")}', '{home}',
              (SELECT id FROM sessions WHERE session_id = '{Say(row, "session_id")}' AND agent_id = '{agent}'))
            """);
    }

    IEnumerable<string> Calls(string runtime) => _scene.Events.Where(row => row.Text("runtime") == runtime).Select(row => string.Join(" ", row.Show(
        "scope", "agent_id", "session_id", "session_key", "run_id", "thread_id", "turn_id", "response_id", "event_ts", "model_provider", "model",
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "total_tokens")));

    static IEnumerable<string> ExpectedCalls(string runtime) => Home.Expected().GetProperty("calls").EnumerateArray()
        .Where(call => call.GetProperty("runtime").GetString() == runtime)
        .Select(call => $"scope=call agent_id={Say(call, "agent_id")} session_id={Say(call, "session_id")} session_key={Say(call, "session_key")} "
            + $"run_id={Say(call, "run_id")} thread_id={Say(call, runtime is "codex" ? "thread_id" : "claude_session_id")} turn_id={Say(call, "turn_id")} response_id={Say(call, "response_id")} "
            + $"event_ts={Say(call, "ts")} model_provider={Say(call, "model_provider")} model={Say(call, "model")} input_tokens={Say(call, "input")} "
            + $"cache_read_tokens={Say(call, "cache_read")} cache_write_tokens={Say(call, "cache_write")} output_tokens={Say(call, "output")} "
            + $"total_tokens={Say(call, "total")}");

    static string Say(JsonElement call, string name) =>
        call.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value.ToString() : "NULL";

    static bool IsToolCall(JsonElement row) => row.GetProperty("verdict").GetString()!.StartsWith("a tool call", StringComparison.Ordinal);
}
