using TokenGovernance.Domain;
using TokenGovernance.Export;
using TokenGovernance.Export.Parquet;
using TokenGovernance.Retention;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Export;

namespace TokenGovernance.Tests.Retention;

/// <summary>Whoever follows the store is not harmed when old responses are removed: change feed, Parquet, metrics; and what is learned later stays right.</summary>
public sealed class FollowersTests : IDisposable
{
    static readonly long Floor = RetentionScene.Midnight("2026-09-10");

    readonly TempFolder _folder = new();
    readonly UsageStore _store;

    public FollowersTests()
    {
        _store = UsageStore.Open(Db);
        Append("a1", "s1", "2026-08-05T10:00:00Z");
        Append("a2", "s2", "2026-09-05T10:00:00Z");
        Append("a3", "s2", "2026-09-25T10:00:00Z");
        Append("a4", "s3", "2026-11-05T10:00:00Z");
    }

    string Db => _folder["usage.db"];

    string Lake => _folder["lake"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheChangeFeedTellsNoRemoval()
    {
        var follower = new FeedFollower();
        follower.ReadToEnd(Db, 10);
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s2")) { Channel = "telegram" }] });

        RetentionScene.Prune(Db, Floor).Removed.Should().Be(2);

        var page = FeedFollower.ReadPage(Db, FeedFollower.Parse(follower.Token));
        page.Changes.Should().NotContain(change => change.IsRemoval);
        page.Changes.Select(change => change.Event!["entry_id"]).Should().Equal("a3");
        follower.ReadToEnd(Db, 10);
        follower.Restarts.Should().Be(0);
        follower.Events.Should().HaveCount(4, "nothing told it that they went");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AParquetExportKeepsTheMonthsThatTheStoreGaveUp(bool isIncremental)
    {
        Export(isIncremental: true);
        RetentionScene.Prune(Db, Floor);
        Append("a5", "s3", "2026-11-06T10:00:00Z");
        StoreRows.Execute(Db, "DELETE FROM usage_events WHERE entry_id = 'a4'");

        Export(isIncremental);
        Export(isIncremental);

        Exported().Should().Equal("a1", "a2", "a3", "a5");
        FluentActions.Invoking(() => Export(isIncremental, unit: PartitionUnit.Day)).Should().Throw<UserFacingException>().WithMessage("*would be lost*--partition month*");
        Exported().Should().Equal("a1", "a2", "a3", "a5");
    }

    [Fact]
    public void AnExportThatBeginsAfterwardsHasWhatIsThere()
    {
        RetentionScene.Prune(Db, Floor);

        Export(isIncremental: false, unit: PartitionUnit.None);
        Append("a5", "s3", "2026-11-06T10:00:00Z");
        Export(isIncremental: true, unit: PartitionUnit.None);

        Exported().Should().Equal("a3", "a4", "a5");
    }

    [Fact]
    public void CountersOfMetricsCountWhatWasNotCountedYet()
    {
        _store.CountForMetrics(TimeSpan.FromMinutes(1), 100);
        Append("a5", "s1", "2026-08-06T10:00:00Z");
        Responses().Should().Be(4, "it may still become better known");

        RetentionScene.Prune(Db, Floor);

        Responses().Should().Be(5);
        Append("a6", "s1", "2026-11-06T10:00:00Z");
        _store.CountForMetrics(TimeSpan.Zero, 100);
        Responses().Should().Be(6);
    }

    [Fact]
    public void WhatIsLearnedLaterIsOfWhatIsThere()
    {
        RetentionScene.Prune(Db, Floor);

        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s1")) { Channel = "slack" }, new SessionInfo(Some.Session("s2")) { Channel = "telegram", ChatType = "direct" }] });
        Append("a7", "s1", "2026-11-07T10:00:00Z");
        Append("a8", "s1", "2026-08-07T10:00:00Z");

        StoreRows.Query(Db, "SELECT entry_id AS id, channel FROM usage_events ORDER BY 1").Select(row => $"{row.Text("id")} {row.Text("channel")}").Should().Equal("a3 telegram", "a4 ", "a7 slack");
        StoreRows.Query(Db, "SELECT day_start AS day, channel, events FROM v_usage_days ORDER BY 1").Select(row => $"{row.Text("day")} {row.Text("channel")} {row.Text("events")}").Should().Equal(
            "2026-08-05  1", "2026-09-05  1", "2026-09-25 telegram 1", "2026-11-05  1", "2026-11-07 slack 1");
        RetentionScene.LevelsShouldAgree(Db);
    }

    [Fact]
    public void BesideACollectorNothingIsStoredBelowTheFloor()
    {
        RetentionScene.Prune(Db, Floor);

        var result = _store.Append(new Batch { Events = [EventOf("a1", "s1", "2026-08-05T10:00:00Z"), EventOf("a9", "s1", "2026-09-09T23:59:59.999Z"), EventOf("b1", "s1", "2026-09-10T00:00:00Z")] });

        (result.Added, result.Known, result.BelowFloor).Should().Be((1, 0, 2));
    }

    [Fact]
    public void AFleetKeepsWhatItDoesNotHave()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(Floor).AddDays(KeepTime.LeastDays);
        RetentionPlan Plan(FleetProgress? fleet) => StoreReader.Read(Db, store => RetentionPlan.Read(store, new KeepTime(KeepTime.LeastDays, "d"), now, fleet));
        var follower = new FeedFollower();
        follower.Read(Db, 1);
        var one = Plan(new FleetProgress(FeedFollower.Parse(follower.Token)));
        follower.ReadToEnd(Db, 10);
        var all = Plan(new FleetProgress(FeedFollower.Parse(follower.Token)));
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s1")) { Channel = "slack" }] });
        var changed = Plan(new FleetProgress(FeedFollower.Parse(follower.Token)));

        Plan(new FleetProgress(null)).Usage.Events.Should().Be(0, "it has nothing yet");
        (one.Usage.Events, one.BeforeMs, one.FleetWaitsFromMs).Should().Be((1, RetentionScene.Midnight("2026-09-05"), ParquetExportTests.Ms("2026-09-05T10:00:00Z")));
        (all.Usage.Events, all.FleetWaitsFromMs).Should().Be((2, null));
        changed.Usage.Events.Should().Be(0, "it does not know yet what was learned of the first");
    }

    void Append(string id, string session, string time) => _store.Append(new Batch { Events = [EventOf(id, session, time)] });

    static UsageEvent EventOf(string id, string session, string time) => Some.Event(id, session) with
    {
        Key = EventKey.FromEntry(id, ParquetExportTests.Ms(time)),
        EventMs = ParquetExportTests.Ms(time),
        StartedMs = ParquetExportTests.Ms(time),
    };

    void Export(bool isIncremental, PartitionUnit unit = PartitionUnit.Month) =>
        new ParquetExport(Lake, new ParquetOptions(default, unit, TimeZoneInfo.Utc, true, ParquetCompression.Zstd, "test"), TimeProvider.System).Write(new LocalStore(Db), isIncremental);

    IEnumerable<string> Exported() => Duck.Query($"SELECT entry_id AS id FROM '{Lake}/usage_events/**/*.parquet' ORDER BY 1").Select(row => row["id"]);

    long Responses() => StoreReader.Read(Db, store => store.ReadMetrics()).Series.Sum(series => series.Sums.Responses);
}
