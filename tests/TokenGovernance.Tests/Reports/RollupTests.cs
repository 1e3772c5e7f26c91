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

    /// <summary>Whatever is asked: coarse or fine sums, days cut anywhere, failed calls apart, filters of every kind.</summary>
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Vienna")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/Los_Angeles")]
    public void AnyQuestionIsAnsweredAsTheEventsWould(string zone)
    {
        using var scene = new ReportScene();
        scene.Generate(1500, seed: 29, "2026-10-10T00:00:00Z", everyMs: 1_500_000);
        UtcTime.TryParse("2026-10-10T00:00:00Z", out var start).Should().BeTrue();
        var random = new Random(TestSeed.Value + zone.Length);
        var dimensions = Enum.GetValues<Dimension>().Except([Dimension.Parent]).ToList();
        for (var i = 0; i < 40; i++)
        {
            long Moment() => start + (random.Next(2) == 0 ? random.NextInt64(2_300_000_000) : QuarterHour.Ms * random.NextInt64(2500));
            var from = Moment();
            var query = new ReportQuery
            {
                By = [.. Enumerable.Range(0, random.Next(4)).Select(_ => dimensions[random.Next(dimensions.Count)]).Distinct()],
                Zone = TimeZoneInfo.FindSystemTimeZoneById(zone),
                Range = random.Next(4) switch { 0 => default, 1 => new TimeRange(from, null), 2 => new TimeRange(null, from), _ => new TimeRange(from, from + random.NextInt64(1_000_000_000)) },
                Where = [.. Filters.Where(_ => random.Next(6) == 0)],
            };

            ReferenceTotals.Of(scene.Report(query)).Order(StringComparer.Ordinal).Should().Equal(
                ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal), $"question {i}: by {string.Join(",", query.By)}, {query.Range}, {string.Join(",", query.Where.Select(filter => filter.Dimension))}");
        }
    }

    [Theory]
    [InlineData("Cost")]
    [InlineData("Tokens")]
    [InlineData("Events")]
    public void TheLargestSessionsAreThoseOfAll(string sort)
    {
        using var scene = new ReportScene();
        scene.Generate(2500, seed: 30, "2026-10-10T00:00:00Z", everyMs: 1_500_000);
        UtcTime.TryParse("2026-10-10T00:00:00Z", out var start).Should().BeTrue();

        // Some are equal, and one is in two homes; three differ only by capital letters or a space.
        scene.Execute("UPDATE usage_events SET session_id = '0f8fad5b-d9cb-469f-a165-70867728950e' WHERE session_id LIKE '%-s-2'; UPDATE usage_events SET session_id = '0F8FAD5B-D9CB-469F-A165-70867728950E' WHERE session_id LIKE '%-s-3'; UPDATE usage_events SET session_id = '0f8fad5b-d9cb-469f-a165-70867728950e ' WHERE session_id LIKE '%-s-4'");
        scene.Execute("UPDATE usage_events SET total_tokens = 100, cost_total = 0.5 WHERE session_id LIKE '%-s-1_'; UPDATE usage_events SET home = CASE WHEN id % 40 = 3 THEN '/second' ELSE '/first' END");
        Dimension[][] all = [[Dimension.Session], [Dimension.Agent, Dimension.Channel, Dimension.Session], [Dimension.Session, Dimension.Model]];
        foreach (var (by, top, from) in all.SelectMany(by => new[] { 1, 20, 1000 }.SelectMany(top => new[] { (long?)null, start + 500_000_123 }.Select(from => (by, top, from)))))
        {
            var query = new ReportQuery
            {
                By = by,
                Sort = Enum.Parse<SortBy>(sort),
                Range = new TimeRange(from, null),
                Where = [new NameFilter(Dimension.Agent, new HashSet<string> { "agent-1" }, IsNot: true)],
            };
            var whole = scene.Report(query);

            var largest = scene.Report(query with { Top = top, Detail = RowDetail.Session });

            ReferenceTotals.Of(largest).Should().Equal(ReferenceTotals.Of(whole).Take(top));
            largest.Rest?.Rows.Should().Be(whole.Rows.Count - top);
            ReferenceTotals.Of(Totals(largest)).Should().Be(ReferenceTotals.Of(Totals(whole)));
            ReferenceTotals.Of(largest.Totals).Should().Be(ReferenceTotals.Of(whole.Totals));
            largest.SharedAgents.Should().Equal(whole.SharedAgents).And.NotBeEmpty();
            (largest.FirstDay, largest.LastDay).Should().Be((whole.FirstDay, whole.LastDay));
            largest.Unpriced.Select(model => $"{model.Name} {ReferenceTotals.Of(model.Totals)}").Should().Equal(whole.Unpriced.Select(model => $"{model.Name} {ReferenceTotals.Of(model.Totals)}"));
            largest.Rows.Should().OnlyContain(row => row.Session != null && row.Session.Models.Count > 0);
        }
    }

    /// <summary>The sums of new events are written at the end of a transaction; what is learned in the same one finds them all the same.</summary>
    [Fact]
    public void EvidenceOfTheSameTransactionTakesTheSumsAlong()
    {
        using var scene = new ReportScene();
        using (var store = UsageStore.Open(scene.Db))
        {
            store.Append(
                new Batch { Events = [Some.Event("e1"), Some.Event("e2")] },
                new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "telegram" }] },
                new Batch { Events = [Some.Event("e3")] });
            store.Append(new Batch { Runs = [new RunStart(Some.Session(), null, Some.Ms("00:00"), "hook")] });
        }

        RollupRows.ShouldBeTheEvents(scene.Db);
        scene.Query("SELECT channel, trigger, sum(events) AS events FROM v_usage_group_days GROUP BY 1, 2").Single().Values.Should().Equal("telegram", "hook", 3L);
    }

    static readonly NameFilter[] Filters =
    [
        new(Dimension.Agent, new HashSet<string> { "agent-1", "agent-2" }),
        new(Dimension.Model, new HashSet<string> { "claude-a", NameFilter.Unknown }, IsNot: true),
        new(Dimension.Channel, new HashSet<string> { NameFilter.Unknown }, IsNot: true),
        new(Dimension.Error, new HashSet<string> { "yes" }),
        new(Dimension.Weekday, new HashSet<string> { "Monday", "Saturday" }),
        new(Dimension.Session, new HashSet<string> { "agent-0-s-8", "agent-1-s-8", "agent-1-s-9", "agent-2-s-30" }),
    ];

    /// <summary>The rows and the rest, added up.</summary>
    static UsageTotals Totals(Report report)
    {
        var totals = new UsageTotals();
        report.Rows.ToList().ForEach(row => totals.Add(row.Totals));
        if (report.Rest is { } rest)
        {
            totals.Add(rest.Totals);
        }

        return totals;
    }
}
