using TokenGovernance.Domain;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Retention;

/// <summary>Reports say the same before and after old responses are removed, and what was removed never comes back.</summary>
public sealed class KeptTotalsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ReportsOfInventedUsageStayAsTheyAre(int seed)
    {
        using var scene = new ReportScene();
        scene.Generate(3000, seed, "2026-05-02T07:00:00Z", everyMs: 40 * 60_000);
        var random = new Random(seed);
        var floor = RetentionScene.Midnight("2026-06-01") + (random.Next(20) * QuarterHour.DayMs);

        // Bounds of days, hours and quarters of an hour, on both sides of the floor; beyond it also any moment.
        TimeRange[] ranges =
        [
            new(floor, null), new(null, floor), new(floor - (17 * QuarterHour.DayMs), floor + QuarterHour.DayMs), new(floor - (random.Next(900) * QuarterHour.Ms), null),
            new(floor - (random.Next(900, 1900) * QuarterHour.Ms), floor + 123_456_789),
        ];
        var before = RetentionScene.Reports(scene.Db, ranges);
        var stored = scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"];

        var result = RetentionScene.Prune(scene.Db, floor);

        result.Removed.Should().BeGreaterThan(500).And.BeLessThan((long)stored!);
        scene.Query($"SELECT count(*) AS n FROM usage_events WHERE coalesce(started_ts, event_ts) < '{UtcTime.Format(floor)}'")[0]["n"].Should().Be(0L);
        RetentionScene.Reports(scene.Db, ranges).Should().Equal(before);
        RetentionScene.LevelsShouldAgree(scene.Db);

        // Once more, a week later: sums of a session may be in several rows by now.
        RetentionScene.Prune(scene.Db, floor + (7 * QuarterHour.DayMs)).Removed.Should().BePositive();
        RetentionScene.Reports(scene.Db, ranges).Should().Equal(before);
        RetentionScene.LevelsShouldAgree(scene.Db);
        scene.Query("PRAGMA foreign_key_check").Should().BeEmpty();
    }

    [Theory]
    [InlineData("openclaw-2026.2.9")]
    [InlineData("openclaw-2026.7.1")]
    [InlineData("openclaw-2026.9.6")]
    [InlineData("openclaw-2026.9.6-codex")]
    public void ARescanOfAHomeBringsNothingBack(string fixture)
    {
        using var scene = new Scene();
        var home = new Fixture(fixture).CopyTo(scene.Folder["copy"]);
        scene.CollectFrom(home);
        var days = StoreRows.Query(scene.Db, "SELECT DISTINCT substr(coalesce(started_ts, event_ts), 1, 10) AS day FROM usage_events WHERE event_ts IS NOT NULL ORDER BY 1")
            .Select(row => RetentionScene.Midnight(row.Text("day")!)).ToList();
        var before = RetentionScene.Reports(scene.Db);
        foreach (var floor in days.Concat([days[^1] + QuarterHour.DayMs, days[^1] + (2 * QuarterHour.DayMs)]))
        {
            var gone = RetentionScene.Prune(scene.Db, floor).Removed;

            var pass = scene.CollectFrom(home, rescan: true);

            pass.Stored.Added.Should().Be(0);
            pass.Stored.BelowFloor.Should().BeGreaterThanOrEqualTo(gone > 0 ? 1 : 0);
            RetentionScene.Reports(scene.Db).Should().Equal(before, $"the floor is {UtcTime.Format(floor)}");
            RetentionScene.LevelsShouldAgree(scene.Db);
        }

        scene.Events.Should().BeEmpty("all is older now");
        scene.CollectFrom(new Fixture(fixture).CopyTo(scene.Folder["another copy"])).Stored.Added.Should().Be(0);
        Cli.Run("report", "--db", scene.Db).Error.Should().NotContain("empty");
    }
}
