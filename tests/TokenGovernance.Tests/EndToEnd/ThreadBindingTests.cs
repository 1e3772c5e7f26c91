using Microsoft.Data.Sqlite;
using TokenGovernance.Tests.Proof;
using static TokenGovernance.Tests.Sources.Runtimes.Codex.RolloutText;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>OpenClaw's state database says which thread of Codex answers in which session: of turns that nothing else names.</summary>
public sealed class ThreadBindingTests : IDisposable
{
    const string Thread = "01a21257-e513-78a3-85bb-7bd815323f03", Turn = "01a21257-e87c-73e0-bc7e-554b11392c7f";
    const string Other = "01a21257-0000-78a3-85bb-7bd815323f03", OtherTurn = "01a21257-0001-73e0-bc7e-554b11392c7f";

    readonly Scene _scene = new();

    public ThreadBindingTests()
    {
        WriteRollout(Thread, Turn, "r1");
        Directory.CreateDirectory(Path.GetDirectoryName(State)!);
        Execute("""
            CREATE TABLE plugin_state_entries (plugin_id TEXT NOT NULL, namespace TEXT NOT NULL, entry_key TEXT NOT NULL, value_json TEXT NOT NULL,
              created_at INTEGER NOT NULL, expires_at INTEGER, PRIMARY KEY (plugin_id, namespace, entry_key))
            """);
    }

    /// <summary>What a plugin might write some day, or somebody else might.</summary>
    public static TheoryData<string, object?> Foreign => new()
    {
        { "session-key:main:h", "no json" }, { "session-key:main:h", "" }, { "session-key:main:h", "[1,2]" }, { "session-key:main:h", new byte[] { 0, 255, 1 } },
        { "session-key:main:h", "{\"binding\":7,\"sessionId\":\"s2\"}" }, { "session-key:main:h", "{\"binding\":{\"threadId\":[]},\"sessionId\":\"s2\"}" },
        { "session-key:main:h", $"{{\"binding\":{{\"threadId\":\"{Thread}\"}},\"sessionId\":{{}}}}" },
        { "session-key:main:h", $"{{\"binding\":{{\"threadId\":\"{Thread}\"}}}}" },
        { "session-key:main:h", $"{{\"binding\":{{\"threadId\":\"{Thread}\"}},\"sessionId\":\"\\ud800\",\"x\":\"{new string('x', 2 << 20)}\"}}" },
        { "session-id:main:h", Value(Thread, "s2") }, { "session-key::h", Value(Thread, "s2") }, { "session-key:main", Value(Thread, "s2") },
        { "", Value(Thread, "s2") },
    };

    string State => Path.Combine(_scene.Home.Path, "state", "openclaw.sqlite");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ABindingNamesTheSessionWheneverItIsRead()
    {
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        _scene.Event.Text("session_id").Should().BeNull();

        Bind("h1", Thread, "s1", 1000);
        passes.Run().Failures.Should().BeEmpty();
        _scene.Event.Show("session_id", "agent_id", "run_id").Should().Equal("session_id=s1", "agent_id=main", "run_id=NULL");

        // The same again, and one that came later.
        Bind("h1", Thread, "s1", 2000);
        Bind("h2", Other, "s2", 3000);
        WriteRollout(Other, OtherTurn, "r2");
        passes.Run().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("response_id")} {row.Text("session_id")}").Should().BeEquivalentTo("r1 s1", "r2 s2");
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    [Fact]
    public void WhatOpenClawWroteOfTheTurnItselfCountsMore()
    {
        Bind("h1", Thread, "s2", 1000);
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("row", "10:06", """{"input":90,"output":10,"totalTokens":100}""", $$"""
            "api":"openai-responses","provider":"openai","model":"gpt-x","stopReason":"stop","idempotencyKey":"codex-app-server:{{Thread}}:{{Turn}}:assistant","__openclaw":{"runId":"run-1"}
            """));

        _scene.Collect();

        _scene.Event.Show("session_id", "run_id").Should().Equal("session_id=s1", "run_id=run-1");
    }

    [Fact]
    public void NothingIsReadAgainThatDidNotChangeAndNothingIsMissedAfterARestart()
    {
        Bind("h1", Thread, "s1", 1000);
        using (var passes = _scene.StartPasses(new LaterClock()))
        {
            passes.Run().Stored.Added.Should().Be(1);
            var stored = Changes();
            passes.Run();
            passes.Run();
            Changes().Should().Be(stored);
        }

        _scene.Collect();
        var before = Changes();
        _scene.Collect();
        Changes().Should().Be(before, "the checkpoint tells the next process");

        WriteRollout(Other, OtherTurn, "r2");
        Bind("h2", Other, "s2", 3000);
        _scene.Collect();
        _scene.Events.Select(row => row.Text("session_id")).Should().BeEquivalentTo("s1", "s2");
    }

    /// <summary>When a binding was written is the word of a clock that may be set back.</summary>
    [Fact]
    public void ABindingThatIsOlderThanTheLastIsFoundByTheNextFullLook()
    {
        var clock = new StepClock();
        Bind("h1", Other, "s2", clock.GetUtcNow().ToUnixTimeMilliseconds() - 60_000);
        using var passes = _scene.StartPasses(clock);
        clock.Stamp(State);
        passes.Run();

        Bind("h2", Thread, "s1", 1000);
        clock.Advance(TimeSpan.FromMinutes(5));
        clock.Stamp(State);
        passes.Run();

        _scene.Event.Text("session_id").Should().Be("s1");
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void WhatIsNoBindingIsPassedOverAndTheOthersAreRead(string key, object? value)
    {
        Bind("h1", Other, "s3", 1000);
        Insert("codex", "app-server-thread-bindings", key, value, 2000);
        Insert("codex", "app-server-managed-threads", "session-key:main:x", Value(Thread, "s2"), 2000);
        Insert("claude", "app-server-thread-bindings", "session-key:main:x", Value(Thread, "s2"), 2000);
        WriteRollout(Other, OtherTurn, "r2");

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("response_id")} {row.Text("session_id")}").Should().BeEquivalentTo("r1 ", "r2 s3");
    }

    [Theory]
    [InlineData("DROP TABLE plugin_state_entries")]
    [InlineData("ALTER TABLE plugin_state_entries RENAME COLUMN value_json TO value")]
    public void AStateDatabaseWithoutThemIsNoFailure(string sql)
    {
        Execute(sql);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("session_id").Should().BeNull();
    }

    [Fact]
    public void WithoutTimesAllAreRead()
    {
        Bind("h1", Thread, "s1", 1000);
        Execute("CREATE TABLE other AS SELECT plugin_id, namespace, entry_key, value_json FROM plugin_state_entries; DROP TABLE plugin_state_entries; ALTER TABLE other RENAME TO plugin_state_entries");

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("session_id").Should().Be("s1");
    }

    [Fact]
    public void ADatabaseInUtf16IsReadAsWell()
    {
        File.Delete(State);
        Execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE plugin_state_entries (plugin_id TEXT, namespace TEXT, entry_key TEXT, value_json TEXT, created_at INTEGER)");
        Insert("codex", "app-server-thread-bindings", "session-key:main:h1", Value(Thread, "sé"), 1000);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("session_id").Should().Be("sé");
    }

    [Fact]
    public void ADamagedTableIsOneFailureAndTheRestIsCollected()
    {
        for (var i = 0; i < 200; i++)
        {
            Insert("codex", "app-server-thread-bindings", $"session-key:main:{i}", Value($"t{i}", $"s{i}") + new string(' ', 500), i);
        }

        Execute("CREATE TABLE cron_jobs (job_id TEXT, name TEXT); INSERT INTO cron_jobs VALUES ('j1', 'nightly')");
        var bytes = File.ReadAllBytes(State);
        var at = bytes.AsSpan().IndexOf("\"threadId\":\"t100\""u8);
        bytes.AsSpan(at / 4096 * 4096, 4096).Fill(0xA5);
        File.WriteAllBytes(State, bytes);
        var store = _scene.Home.MakeStore();
        store.Window("s9", "agent:main:cron:j1");
        store.Append("s9", Some.Header("s9"), Some.Answer("a1"));

        var run = Cli.Run("collect", "--once", "--no-status", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db);

        run.ExitCode.Should().Be(3);
        run.Error.Should().Contain($"{State}: it is damaged");
        _scene.Events.Select(row => $"{row.Text("response_id")} {row.Text("job_name")}").Should().BeEquivalentTo("r1 ", " nightly");
    }

    [Fact]
    public void ALockedDatabaseIsReadAsItWasAndReadOnLater()
    {
        Bind("h1", Other, "s2", 1000);
        using var passes = _scene.StartPasses(new LaterClock());
        using (var writer = Connect())
        {
            AgentDatabaseBuilder.Execute(writer, "PRAGMA journal_mode = DELETE");
            AgentDatabaseBuilder.Execute(writer, "BEGIN EXCLUSIVE");
            Insert(writer, "codex", "app-server-thread-bindings", "session-key:main:h2", Value(Thread, "s1"), 2000);

            passes.Run().Failures.Should().BeEmpty();

            _scene.Event.Text("session_id").Should().BeNull();
            AgentDatabaseBuilder.Execute(writer, "COMMIT");
        }

        passes.Run().Failures.Should().BeEmpty();
        _scene.Event.Text("session_id").Should().Be("s1");
    }

    [Fact]
    public void NothingInTheHomeIsTouched()
    {
        using var writer = Connect();
        AgentDatabaseBuilder.Execute(writer, "PRAGMA journal_mode = WAL");
        Insert(writer, "codex", "app-server-thread-bindings", "session-key:main:h2", Value(Thread, "s1"), 2000);
        File.Exists(State + "-wal").Should().BeTrue();
        var before = DirectorySnapshot.Of(_scene.Home.Path).Where(line => !line.StartsWith(State + "-shm", StringComparison.Ordinal)).ToList();

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("session_id").Should().Be("s1");
        DirectorySnapshot.Of(_scene.Home.Path).Where(line => !line.StartsWith(State + "-shm", StringComparison.Ordinal)).Should().Equal(before);
    }

    static string Value(string thread, string session) =>
        $$$"""{"version":1,"state":"active","binding":{"threadId":"{{{thread}}}","cwd":"/home/user"},"sessionId":"{{{session}}}"}""";

    void Bind(string hash, string thread, string session, long ms) => Insert("codex", "app-server-thread-bindings", $"session-key:main:{hash}", Value(thread, session), ms);

    void Insert(string plugin, string names, string key, object? value, long ms)
    {
        using var connection = Connect();
        Insert(connection, plugin, names, key, value, ms);
    }

    static void Insert(SqliteConnection connection, string plugin, string names, string key, object? value, long ms) => AgentDatabaseBuilder.Execute(
        connection, "INSERT OR REPLACE INTO plugin_state_entries (plugin_id, namespace, entry_key, value_json, created_at) VALUES ($plugin, $names, $key, $value, $ms)",
        ("plugin", plugin), ("names", names), ("key", key), ("value", value), ("ms", ms));

    void Execute(string sql)
    {
        using var connection = Connect();
        AgentDatabaseBuilder.Execute(connection, sql);
    }

    SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = State, Pooling = false }.ToString());
        connection.Open();

        return connection;
    }

    /// <summary>A number that grows with everything that is written about bindings.</summary>
    string Changes() => string.Join(
        ' ', StoreRows.Query(_scene.Db, "SELECT key, value, updated_ts FROM collector_state WHERE key LIKE 'bindings:%'").Select(row => row.ToString()));

    void WriteRollout(string thread, string turn, string response)
    {
        var day = Path.Combine(_scene.Home.Path, "agents", "main", "agent", "codex-home", "sessions", "2026", "11", "25");
        Directory.CreateDirectory(day);
        File.WriteAllText(
            Path.Combine(day, $"rollout-2026-11-25T10-54-39-{thread}.jsonl"),
            string.Join('\n', Meta(thread), Started(turn), Context(turn), Record(thread, turn, response, 100)) + "\n");
    }
}
