using System.Text.Json;

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

    /// <summary>A turn that failed or was aborted has no row: the trajectory names its session and run, the thread its session.</summary>
    [Theory]
    [InlineData("'session.started', 'prompt.submitted'", true)]
    [InlineData("'session.started'", false)]
    public void ATurnWithoutARowIsKnownByTheTrajectory(string kept, bool namesTurns)
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        StoreRows.Execute(Path.Combine(home, "agents", "main", "agent", "openclaw-agent.sqlite"), $"""
            DELETE FROM transcript_events WHERE CAST(coalesce(event_json, '') AS TEXT) LIKE '%codex-app-server:%' OR event_json IS NULL;
            DELETE FROM trajectory_runtime_events WHERE event_json ->> '$.type' NOT IN ({kept})
            """);

        _scene.CollectFrom(home).Failures.Should().BeEmpty();

        var calls = _scene.Events.Where(row => row.Text("runtime") == "codex" && row.Text("scope") == "call").ToList();
        calls.Should().HaveCount(26);
        Sessions(calls, namesTurns).Should().BeEquivalentTo(Home.Expected().GetProperty("calls").EnumerateArray()
            .Where(call => call.GetProperty("runtime").GetString() == "codex")
            .Select(call => $"{Say(call, "response_id")} {Say(call, "session_id")} {(namesTurns ? Say(call, "run_id") : "")}"));
    }

    /// <summary>The state database names the thread that each session talks to now, and nothing else is left.</summary>
    [Fact]
    public void ATurnThatNothingElseNamesIsOfTheSessionThatItsThreadIsBoundTo()
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        StoreRows.Execute(Path.Combine(home, "agents", "main", "agent", "openclaw-agent.sqlite"), """
            DELETE FROM transcript_events WHERE CAST(coalesce(event_json, '') AS TEXT) LIKE '%codex-app-server:%' OR event_json IS NULL;
            DELETE FROM trajectory_runtime_events
            """);
        var bound = StoreRows.Query(Path.Combine(home, "state", "openclaw.sqlite"), """
            SELECT value_json ->> '$.binding.threadId' AS thread FROM plugin_state_entries WHERE namespace = 'app-server-thread-bindings'
            """).Select(row => row.Text("thread")!).ToList();

        _scene.CollectFrom(home).Failures.Should().BeEmpty();

        bound.Should().HaveCount(4);
        var calls = _scene.Events.Where(row => row.Text("runtime") == "codex" && row.Text("scope") == "call").ToList();
        Sessions(calls, withRuns: false).Should().BeEquivalentTo(Home.Expected().GetProperty("calls").EnumerateArray()
            .Where(call => call.GetProperty("runtime").GetString() == "codex")
            .Select(call => $"{Say(call, "response_id")} {(bound.Contains(Say(call, "thread_id")) || bound.Contains(Say(call, "parent_thread_id")) ? Say(call, "session_id") : "")} "));
        calls.Count(row => row.Text("session_id") is not null).Should().Be(10);
    }

    static IEnumerable<string> Sessions(IEnumerable<Row> calls, bool withRuns) =>
        calls.Select(row => $"{row.Text("response_id")} {row.Text("session_id")} {(withRuns ? row.Text("run_id") : "")}");

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
        var expected = ComparableEvents.Of(_scene.Events);
        File.Delete(_scene.Db);
        StoreOfRows.Make(_scene.Db, home, Home);

        _scene.CollectFrom(home).Failures.Should().BeEmpty();

        ComparableEvents.Of(_scene.Events).Should().Equal(expected);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    /// <summary>Up to schema 15 trajectories were read without looking for threads, and their checkpoints say that all has been read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AStoreWhoseTrajectoriesWereReadBeforeIsHealedByTheUpgrade(bool inDatabase)
    {
        var home = Home.CopyTo(_scene.Folder["copy"]);
        var (database, codex) = (Path.Combine(home, "agents", "main", "agent", "openclaw-agent.sqlite"), Path.Combine(home, "agents", "main", "agent", "codex-home"));
        StoreRows.Execute(Path.Combine(home, "state", "openclaw.sqlite"), "DELETE FROM plugin_state_entries");
        StoreRows.Execute(database, "DELETE FROM transcript_events WHERE CAST(coalesce(event_json, '') AS TEXT) LIKE '%codex-app-server:%' OR event_json IS NULL");
        if (!inDatabase)
        {
            MoveTrajectories(database, Path.Combine(home, "agents", "main", "sessions"));
        }

        var rollouts = Path.Combine(codex, "sessions");
        Directory.Move(rollouts, _scene.Folder["rollouts"]);
        Pass(home);
        StoreRows.Execute(_scene.Db, "DELETE FROM turn_sessions");
        Directory.Move(_scene.Folder["rollouts"], rollouts);
        Pass(home);
        Pass(home);
        Codex().Should().HaveCount(26).And.OnlyContain(row => row.Text("session_id") == null && row.Text("run_id") == null);
        OlderStore.TakeBackTo15(_scene.Db);

        Pass(home);

        Sessions(Codex(), withRuns: true).Should().BeEquivalentTo(Home.Expected().GetProperty("calls").EnumerateArray()
            .Where(call => call.GetProperty("runtime").GetString() == "codex")
            .Select(call => $"{Say(call, "response_id")} {Say(call, "session_id")} {Say(call, "run_id")}"));
    }

    List<Row> Codex() => [.. _scene.Events.Where(row => row.Text("runtime") == "codex" && row.Text("scope") == "call")];

    void Pass(string home)
    {
        using var passes = new Passes(_scene.Db, home, new LaterClock());
        passes.Run().Failures.Should().BeEmpty();
    }

    static void MoveTrajectories(string database, string sessions)
    {
        foreach (var session in StoreRows.Query(database, "SELECT session_id, event_json FROM trajectory_runtime_events ORDER BY session_id, seq").GroupBy(row => row.Text("session_id")!))
        {
            Directory.CreateDirectory(sessions);
            File.WriteAllLines(Path.Combine(sessions, $"{session.Key}.trajectory.jsonl"), session.Select(row => row.Text("event_json")!));
        }

        StoreRows.Execute(database, "DELETE FROM trajectory_runtime_events");
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
