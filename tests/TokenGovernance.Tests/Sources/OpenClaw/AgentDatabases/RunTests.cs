using TokenGovernance.Collection;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>`session.started` records in a database's trajectories say what started a run; usage in them is never counted.</summary>
public sealed class RunTests : IDisposable
{
    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _store;

    public RunTests()
    {
        _store = _scene.Home.MakeStore();
        _store.Window("s1", "agent:main:main");
        _store.Append("s1", Some.Header("s1"));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ARunIsFoundByItsIdWhateverTheTimes()
    {
        _store.Append("s1", Answer("a1", "10:05", "run-2"), Answer("a2", "10:06", "run-1"), Answer("a3", "10:07", "run-2"));
        Record(0, "heartbeat", "run-1", "10:04");
        Record(1, "user", "run-2", "10:30");

        _scene.Collect();

        Triggers().Should().Equal("user", "heartbeat", "user");
    }

    [Fact]
    public void WithoutAnIdTheLastRunThatBeganBeforeCounts()
    {
        _store.Append("s1", Some.Answer("a1", "10:03"), Some.Answer("a2", "10:05"), Some.Answer("a3", "10:15"));
        Record(0, "manual", "run-1", "10:04");
        Record(1, "memory", "run-2", "10:10");

        _scene.Collect();

        Triggers().Should().Equal(null, "manual", "memory");
    }

    [Fact]
    public void RunsThatComeAfterTheirEventsImproveThem()
    {
        _store.Append("s1", Answer("a1", "10:05", "run-1"));
        using var passes = _scene.StartPasses();
        passes.Run();
        Triggers().Should().Equal(null as string);

        Record(0, "user", "run-1", "10:04");
        passes.Run().Stored.Enriched.Should().Be(1);
        _store.Append("s1", Answer("a2", "10:06", "run-2"));
        Record(1, "overflow", "run-2", "10:05");
        passes.Run();

        Triggers().Should().Equal("user", "overflow");
    }

    [Fact]
    public void UsageInTrajectoriesIsNotCounted()
    {
        _store.Append("s1", Answer("a1", "10:05", "run-1"));
        _store.Insert(
            "trajectory_runtime_events", ("session_id", "s1"), ("seq", 0), ("run_id", "run-1"),
            ("event_json", Some.Answer("z1", "10:08")), ("created_at", 1));

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void ARunNamesTheKeyOfASessionThatNoWindowNames()
    {
        _store.Append("s2", Some.Header("s2"), Some.Answer("a1"));
        _store.Insert(
            "trajectory_runtime_events", ("session_id", "s2"), ("seq", 0), ("run_id", "run-1"),
            ("event_json", Some.SessionStarted("s2", "agent:main:cron:j1:run:s2", "cron")), ("created_at", 1));

        _scene.Collect();

        _scene.Event.Show("session_key", "trigger", "job_id").Should().Equal("session_key=agent:main:cron:j1", "trigger=cron", "job_id=j1");
    }

    [Fact]
    public void WhatDoesNotFitIntoOnePassIsReadByLaterOnes()
    {
        for (var session = 0; session < 5; session++)
        {
            _store.Append($"t{session}", Some.Header($"t{session}"), Answer($"a{session}", "10:05", "run-1"));
            for (var seq = 0; seq < 20; seq++)
            {
                _store.Insert(
                    "trajectory_runtime_events", ("session_id", $"t{session}"), ("seq", seq), ("run_id", "run-1"), ("created_at", 1),
                    ("event_json", seq == 19 ? Some.SessionStarted($"t{session}", $"agent:main:t{session}", "user", "10:04") : $"{{\"padding\":\"{new string('x', 1_000)}\"}}"));
            }
        }

        using var store = UsageStore.Open(_scene.Db);
        var homes = new Homes([_scene.Home.Path]);
        var collector = new Collector(store, checkpoints => homes.OpenSources(checkpoints, new LaterClock()), rescan: false, TimeProvider.System);
        var passes = 0;
        while (collector.RunPass(maxRunBytes: 30_000, progress: null, CancellationToken.None).MoreRuns)
        {
            (++passes).Should().BeLessThan(20);
        }

        passes.Should().BeGreaterThan(1);
        Triggers().Should().HaveCount(5).And.OnlyContain(trigger => trigger == "user");
        collector.RunPass(maxRunBytes: 30_000, progress: null, CancellationToken.None).BytesRead.Should().Be(0);
    }

    static string Answer(string id, string time, string run) =>
        Some.Answer(id, time, about: $$"""{{Some.About}},"__openclaw":{"runId":"{{run}}"}""");

    void Record(int seq, string trigger, string run, string time) =>
        _store.Insert(
            "trajectory_runtime_events", ("session_id", "s1"), ("seq", seq), ("run_id", run), ("created_at", 1),
            ("event_json", Some.SessionStarted("s1", "agent:main:main", trigger, time, run)));

    IEnumerable<string?> Triggers() => _scene.Events.Select(row => row.Text("trigger"));
}
