using Microsoft.Data.Sqlite;
using TokenGovernance.Collection;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;
using TokenGovernance.Tests.Proof;

namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Between full looks only what a gateway's writing shows is asked for: by number of the row and by time, both indexed.</summary>
public sealed class QuickLookTests : IDisposable
{
    static readonly LookRules Rules = new() { QuickFrom = 0, FullLookEvery = TimeSpan.FromHours(1) };

    readonly Scene _scene = new();
    readonly StepClock _clock = new();
    readonly AgentDatabaseBuilder _store;
    readonly Passes _passes;

    public QuickLookTests()
    {
        _store = _scene.Home.MakeStore();
        _store.SetGeneration("s1", "g1");
        _store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        _store.Append("s2", Some.Header("s2"), Some.Answer("b1", "10:06"));
        _passes = new Passes(_scene.Db, new Homes([_scene.Home.Path], Rules), _clock);
        _passes.Run();
        _passes.Run();
    }

    IEnumerable<string?> Ids => _scene.Events.Select(row => row.Text("entry_id"));

    public void Dispose()
    {
        _passes.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void NewRowsOfKnownAndNewSessionsAreReadInTheNextPass()
    {
        _store.Append("s2", Some.Answer("b2", "10:07"));
        _store.Window("s3", "agent:main:cron:j1", ("updated_at", 5L));
        _store.Append("s3", Some.Header("s3"), Some.Answer("c1", "10:08"));

        var pass = _passes.Run();

        (pass.Stored.Added, pass.Stored.Known).Should().Be((2, 0));
        _scene.Events.Single(row => row.Text("entry_id") == "c1").Text("session_key").Should().Be("agent:main:cron:j1");
    }

    [Fact]
    public void ARewrittenSessionIsReadAgainInTheNextPass()
    {
        _store.Remove("s1");
        _store.SetGeneration("s1", "g2");
        _store.Append("s1", Some.Header("s1"), Some.Answer("a9", "10:09"));

        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void RunsAndArchivesThatCameAreReadInTheNextPass()
    {
        _store.Insert("trajectory_runtime_events", ("session_id", "s1"), ("seq", 0L), ("event_json", Some.SessionStarted("s1", "agent:main:cron:j", "cron")));
        Archives.Deleted(_store, "s7", Archives.Lines(Some.Header("s7"), Some.Answer("d1", "10:10")), "identity");

        _passes.Run();

        Ids.Should().Contain("d1");
        _scene.Events.Single(row => row.Text("entry_id") == "a1").Text("trigger").Should().Be("cron");
    }

    [Fact]
    public void WhatTheNumbersOfRowsDoNotShowIsReadByTheNextFullLook()
    {
        _store.Execute("INSERT INTO transcript_events (rowid, session_id, seq, event_json, created_at) VALUES (-5, 's8', 0, $p0, 0)", ("p0", Some.Answer("e1", "10:11")));
        _passes.Run().Stored.Added.Should().Be(0);

        _clock.Advance(TimeSpan.FromHours(2));

        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void AnotherRowInThePlaceOfTheNewestMakesTheNextLookFull()
    {
        _store.Remove("s2");
        _store.Append("s9", Some.Header("s9"), Some.Answer("f1", "10:12"));

        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void EveryQuestionOfAQuickLookIsAnsweredByAnIndexOfOpenClaws()
    {
        using var home = new TempFolder();
        new Fixture("openclaw-2026.9.6").CopyTo(home.Path);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(home.Path, "agents", "main", "agent", "openclaw-agent.sqlite")};Pooling=False");
        connection.Open();
        var tables = new DatabaseTables(connection);
        var query = new DatabaseQuery(connection, tables, new DatabaseLocation("a.sqlite", "home", "main"));
        string[] questions =
        [
            NewestRows.SqlOf("transcript_events"), NewestRows.SqlOf("trajectory_runtime_events"),
            query.ChangedAmongSql(), DatabaseQuery.LastRunSql, WindowReader.Sql(tables, isAll: false),
        ];

        questions.SelectMany(sql => PlanOf(connection, sql)).Where(step => step.StartsWith("SCAN", StringComparison.Ordinal))
            .Should().OnlyContain(step => step == "SCAN CONSTANT ROW" || step == "SCAN r" || step.Contains("json_each", StringComparison.Ordinal));
    }

    static List<string> PlanOf(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        command.Parameters.AddWithValue("?1", 1);
        command.Parameters.AddWithValue("?2", 1);
        command.Parameters.AddWithValue("$since", 1);
        command.Parameters.AddWithValue("$ids", "[]");
        using var row = command.ExecuteReader();
        var steps = new List<string>();
        while (row.Read())
        {
            steps.Add(row.GetString(3));
        }

        return steps;
    }
}
