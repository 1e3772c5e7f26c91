using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Reports;

/// <summary>The stored sums are those of the events at every moment, and reports read from them what the events say.</summary>
[Trait("Category", "Slow")]
public sealed class RollupTests
{
    static readonly ReportQuery ByDay = new() { By = [Dimension.Day, Dimension.Provider, Dimension.Session] };

    [Fact]
    public void TheSumsAreThoseOfTheEventsAfterEveryChange()
    {
        using var scene = new ReportScene();
        scene.Generate(3000, seed: 21, "2026-10-01T00:00:00Z", everyMs: 60_000);
        string[] changes =
        [
            "SELECT 1",
            "UPDATE usage_events SET channel = 'slack', model_provider = 'moved' WHERE id % 50 = 1",
            "UPDATE usage_events SET session_key = 'agent:x:y' WHERE id = 200",
            "UPDATE usage_events SET started_ts = NULL, event_ts = NULL WHERE id % 70 = 3",
            "UPDATE event_attributions SET trigger = 'hook' WHERE id % 2 = 1",
            "DELETE FROM usage_events WHERE id % 100 = 7",
            "DELETE FROM usage_events WHERE id < 200",
            "INSERT INTO usage_events (ingest_ts, started_ts, event_key, total_tokens) VALUES ('', '2026-10-05T00:00:00.000Z', x'01', 5)",
            "INSERT INTO usage_events (ingest_ts, started_ts, event_key, total_tokens) VALUES ('', '1931-10-05T23:59:59.999Z', x'02', 5)",
            "DELETE FROM usage_events",
        ];

        foreach (var change in changes)
        {
            scene.Execute(change);

            RollupRows.ShouldBeTheEvents(scene.Db, change);
            var report = scene.Report(ByDay);
            ReferenceTotals.Of(report).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, ByDay).Order(StringComparer.Ordinal), change);
        }

        scene.Query("SELECT * FROM usage_quarters").Should().BeEmpty();
    }

    [Fact]
    public void BoundsInsideOfAQuarterHourAreExact()
    {
        using var scene = new ReportScene();
        scene.Generate(5000, seed: 23, "2026-10-01T00:00:00Z", everyMs: 30_000);
        UtcTime.TryParse("2026-10-01T00:00:00Z", out var start).Should().BeTrue();
        foreach (var (from, before) in new[] { (1L, 2L), (900_000, 1_800_000), (900_001, 1_800_000), (5_000_123, 80_000_999), (-5000, 123_456), (100_000, 700_000) })
        {
            var query = ByDay with { Range = new TimeRange(start + from, start + before) };

            ReferenceTotals.Of(scene.Report(query)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal), $"{from} to {before}");
        }

        foreach (var range in new[] { new TimeRange(null, start + 1_000_000), new TimeRange(start + 1_000_000, null) })
        {
            var query = ByDay with { Range = range };

            ReferenceTotals.Of(scene.Report(query)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Vienna")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/St_Johns")]
    public void WholeDaysAreReadOnlyWhereTheyAreInOneRow(string zone)
    {
        using var scene = new ReportScene();
        scene.Generate(4000, seed: 27, "2026-09-20T00:00:00Z", everyMs: 1_000_000);
        Dimension[][] all = [[Dimension.Agent], [Dimension.Day], [Dimension.Week], [Dimension.Month, Dimension.Agent], [Dimension.Hour], [Dimension.Day, Dimension.Hour]];
        foreach (var by in all)
        {
            var query = new ReportQuery { By = by, Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) };

            ReferenceTotals.Of(scene.Report(query)).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal), string.Join(",", by));
        }
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("America/St_Johns")]
    public void TheDaysOfAReportAreLocalOnes(string zone)
    {
        using var scene = new ReportScene();
        scene.Generate(2000, seed: 28, "2026-05-20T00:00:00Z", everyMs: 5_000_000);
        var query = new ReportQuery
        {
            By = [Dimension.Agent],
            WithDays = true,
            Zone = TimeZoneInfo.FindSystemTimeZoneById(zone),
            Where = [new NameFilter(Dimension.Session, new HashSet<string> { "agent-1-s-8" })],
        };

        var report = scene.Report(query);

        var days = scene.Report(query with { By = [Dimension.Day], WithDays = false }).Rows
            .Where(row => row.Values[0].Id is not null).ToDictionary(row => row.Values[0].Id!, row => row.Totals.All.Events);
        report.FirstDay!.Value.ToString("O").Should().Be(days.Keys.Min());
        report.LastDay!.Value.ToString("O").Should().Be(days.Keys.Max());
        report.Days.Should().HaveCountLessThanOrEqualTo(TokenGovernance.Reports.Report.MaxDays);
        report.Days[^1].Day.Should().Be(report.LastDay);
        report.Days.Select(day => day.Totals.All.Events).Should().Equal(report.Days.Select(day => days.GetValueOrDefault(day.Day.ToString("O"))));
    }

    [Fact]
    public void AbsurdNumbersAddUpWithoutOverflow()
    {
        using var scene = new ReportScene();
        scene.Create();
        using (var store = UsageStore.Open(scene.Db))
        {
            store.Append(new Batch
            {
                Events =
                [
                    .. Enumerable.Range(0, 3000).Select(i => new UsageEvent
                    {
                        Key = EventKey.FromEntry($"e{i}", Some.Ms("10:05")),
                        Session = Some.Session(),
                        EventMs = Some.Ms("10:05"),
                        Tokens = i % 2 == 0 ? new TokenCounts(TokenCounts.Max, TokenCounts.Max, null, null, TokenCounts.Max, null) : new TokenCounts(1, 1, 1, 1, 4, 1),
                        SourceFile = "/x",
                    }),
                ],
            });
        }

        RollupRows.ShouldBeTheEvents(scene.Db);
        scene.Execute("DELETE FROM usage_events WHERE id % 4 = 1");
        RollupRows.ShouldBeTheEvents(scene.Db);
    }
}
