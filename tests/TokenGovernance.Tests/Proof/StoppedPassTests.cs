using TokenGovernance.Collection;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>A pass that is told to stop ends between two batches; the next process goes on from there, whatever the clock proves.</summary>
[Trait("Category", "Slow")]
public sealed class StoppedPassTests : IDisposable
{
    const int Rows = 3500;

    readonly Scene _scene = new();
    readonly TranscriptWriter _writer = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void StoppedAgainAndAgainALogFileIsReadToItsEndAndNothingTwice()
    {
        _scene.Home.Log("s1.jsonl", [.. Enumerable.Range(0, Rows).Select(_ => _writer.Answer())]);

        CollectAlwaysStopped();
    }

    [Fact]
    public void StoppedAgainAndAgainADatabaseIsReadToItsEndAndNothingTwice()
    {
        using var database = new DatabaseWriter(Path.Combine(_scene.Home.Path, "agents", "main"));
        database.AddSession("db", "agent:main:main", previous: null);
        database.Begin();
        for (var row = 0; row < Rows; row++)
        {
            database.Insert("db", row, _writer.Answer(), isCompressed: false);
        }

        database.Commit();

        CollectAlwaysStopped();
    }

    [Fact]
    public void ATrajectoryLargerThanAPassMayReadIsReadPassByPass()
    {
        _scene.Home.Log("t.trajectory.jsonl", [.. Enumerable.Range(0, 5).Select(i => Some.SessionStarted("t", "agent:main:main", "user", $"10:0{i}", $"run-{i}"))]);
        using var store = UsageStore.Open(_scene.Db);
        var homes = new Homes([_scene.Home.Path]);
        var collector = new Collector(store, checkpoints => homes.OpenSources(checkpoints, TimeProvider.System), rescan: false, TimeProvider.System);

        var passes = 1;
        while (collector.RunPass(maxRunBytes: 1, progress: null, CancellationToken.None).MoreRuns && passes < 20)
        {
            passes++;
        }

        StoreRows.Query(_scene.Db, "SELECT run_id FROM runs").Should().HaveCount(5);
        passes.Should().BeInRange(5, 6, "each pass reads one more record");
    }

    /// <summary>Stops each pass after its first batch. A single source is read by the thread that stores: so it is the next batch that is not read.</summary>
    void CollectAlwaysStopped()
    {
        var (added, known, passes) = (0L, 0L, 0);
        while (added < Rows && passes < 30)
        {
            using var store = UsageStore.Open(_scene.Db, new LaterClock());
            var homes = new Homes([_scene.Home.Path]);
            var collector = new Collector(store, checkpoints => homes.OpenSources(checkpoints, new LaterClock()), rescan: false, new LaterClock());
            using var stop = new CancellationTokenSource();
            var result = collector.RunPass(long.MaxValue, progress => StopAfterTheFirst(progress, stop), stop.Token);
            added += result.Stored.Added;
            known += result.Stored.Known;
            passes++;
        }

        (added, known).Should().Be((Rows, 0));
        passes.Should().Be(4, "a batch has a thousand");
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    static void StopAfterTheFirst(PassProgress progress, CancellationTokenSource stop)
    {
        if (progress.Events > 0)
        {
            stop.Cancel();
        }
    }
}
