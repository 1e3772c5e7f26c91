using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Tests.Reports;

/// <summary>Stored sums of events are a cache: with them, without them and after every change the answers are those of the events.</summary>
[Trait("Category", "Slow")]
public sealed class RollupTests
{
    const int Block = 1 << UsageRollup.BlockBits;

    static readonly ReportQuery ByDay = new() { By = [Dimension.Day, Dimension.Provider, Dimension.Session] };

    [Fact]
    public void StoredSumsAreThoseOfTheEventsAfterEveryChange()
    {
        using var scene = new ReportScene();
        scene.Generate((2 * Block) + 500, seed: 21, "2026-10-01T00:00:00Z", everyMs: 60_000);
        string[] changes =
        [
            "SELECT 1",
            "UPDATE usage_events SET channel = 'slack', model_provider = 'moved' WHERE id % 5000 = 1",
            "UPDATE usage_events SET session_key = 'agent:x:y' WHERE id = 20000",
            "DELETE FROM usage_events WHERE id % 100 = 7",
            "DELETE FROM usage_events WHERE id < 20000",
            "INSERT INTO usage_events (ingest_ts, started_ts, event_key, total_tokens) VALUES ('', '2026-10-05T00:00:00.000Z', x'01', 5)",
        ];

        foreach (var change in changes)
        {
            scene.Execute(change);
            Refresh(scene);

            var report = scene.Report(ByDay);

            ReferenceTotals.Of(report).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, ByDay).Order(StringComparer.Ordinal), change);
        }

        CountOf(scene).Should().Be(1, "the first block is gone and the last is not full");
    }

    [Fact]
    public void AChangedEventTakesTheSumsOfItsBlockAway()
    {
        using var scene = new ReportScene();
        scene.Generate(Block + 10, seed: 22, "2026-10-01T00:00:00Z", everyMs: 1000);
        Refresh(scene);
        CountOf(scene).Should().Be(1);

        scene.Execute($"UPDATE usage_events SET trigger = 'hook' WHERE id = {Block + 1}");
        CountOf(scene).Should().Be(1, "it is in another block");
        scene.Execute("UPDATE usage_events SET trigger = 'hook' WHERE id = 1");
        CountOf(scene).Should().Be(0);
    }

    [Fact]
    public void BoundsInsideOfAQuarterHourAreExact()
    {
        using var scene = new ReportScene();
        scene.Generate(Block + 100, seed: 23, "2026-10-01T00:00:00Z", everyMs: 10_000);
        Refresh(scene);
        UtcTime.TryParse("2026-10-01T00:00:00Z", out var start).Should().BeTrue();
        foreach (var (from, before) in new[] { (1L, 2L), (900_000, 1_800_000), (900_001, 1_800_000), (5_000_123, 80_000_999), (-5000, 123_456) })
        {
            var query = ByDay with { Range = new TimeRange(start + from, start + before) };

            ReferenceTotals.Of(scene.Report(query)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal), $"{from} to {before}");
        }

        var open = ByDay with { Range = new TimeRange(null, start + 1_000_000) };
        ReferenceTotals.Of(scene.Report(open)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, open).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhereTheSumsAreBehindAReportAddsUpTheRestAndStoresNothing()
    {
        using var scene = new ReportScene();
        scene.Generate(Block + 10, seed: 24, "2026-10-01T00:00:00Z", everyMs: 1000);
        var report = scene.Report(ByDay);

        ReferenceTotals.Of(report).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, ByDay).Order(StringComparer.Ordinal));
        CountOf(scene).Should().Be(0);
    }

    [Fact]
    public void AnotherVersionOfTheSumsIsReplaced()
    {
        using var scene = new ReportScene();
        scene.Generate(Block + 10, seed: 25, "2026-10-01T00:00:00Z", everyMs: 1000);
        Refresh(scene);
        scene.Execute("UPDATE usage_rollup SET version = 99, sums = x'00'");

        ReferenceTotals.Of(scene.Report(ByDay)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, ByDay).Order(StringComparer.Ordinal));
        Refresh(scene);
        scene.Query("SELECT version FROM usage_rollup").Should().ContainSingle().Which["version"].Should().Be((long)BlockCodec.Version);
    }

    [Fact]
    public void ADaemonAddsUpABlockInEachPassThatChangedNothing()
    {
        using var scene = new ReportScene();
        scene.Generate((2 * Block) + 10, seed: 26, "2026-10-01T00:00:00Z", everyMs: 1000);
        using var store = UsageStore.OpenExisting(scene.Db);
        var task = new RollupTask();
        var stored = new AppendResult();

        stored.AddAdded(Some.Event());
        task.AfterPass(new PassDone(store, new PassResult { Stored = stored }, IsLast: false));
        CountOf(scene).Should().Be(0, "a pass that stores something leaves them for later");
        for (var pass = 1; pass <= 3; pass++)
        {
            task.AfterPass(new PassDone(store, new PassResult { Stored = new AppendResult() }, IsLast: false));
            CountOf(scene).Should().Be(Math.Min(pass, 2));
        }
    }

    [Fact]
    public void AOneShotAddsUpAllBlocksThatAreFull()
    {
        using var scene = new ReportScene();
        scene.Generate((2 * Block) + 10, seed: 26, "2026-10-01T00:00:00Z", everyMs: 1000);

        Cli.Run("collect", "--once", "--no-status", "--db", scene.Db, "--openclaw-home", scene.CopyOf("docs", "sample-home")).ExitCode.Should().Be(0);

        CountOf(scene).Should().Be(2);
    }

    static void Refresh(ReportScene scene)
    {
        using var store = UsageStore.Open(scene.Db);
        store.RefreshRollup();
    }

    static int CountOf(ReportScene scene) => scene.Query("SELECT 1 FROM usage_rollup").Count;
}
