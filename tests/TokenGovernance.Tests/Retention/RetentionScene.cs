using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Retention;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Retention;

/// <summary>Removing old responses from a store of a test, and what must be the same afterwards.</summary>
static class RetentionScene
{
    const int Least = KeepTime.LeastDays;

    /// <summary>Removes responses of before a midnight, UTC, as if 62 days had passed since.</summary>
    public static RetentionResult Prune(string db, long floorMs, string? archive = null)
    {
        using var store = PruningStore.Open(db, TimeProvider.System, TimeSpan.FromSeconds(30));
        var now = DateTimeOffset.FromUnixTimeMilliseconds(floorMs).AddDays(Least);
        var plan = store.Read(reader => RetentionPlan.Read(reader, new KeepTime(Least, "d"), now, fleet: null));
        plan.FloorMs.Should().Be(floorMs);

        return new RetentionRun(store, "test", (_, _) => { }, TimeProvider.System).Apply(plan, archive, CancellationToken.None);
    }

    public static long Midnight(string day) => DateTimeOffset.Parse($"{day}T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>Many reports of a store, a line a row.</summary>
    public static IReadOnlyList<string> Reports(string db, params IEnumerable<TimeRange> ranges)
    {
        var lines = new List<string>();
        foreach (var range in ranges.Prepend(default))
        {
            foreach (var zone in new[] { "Europe/Vienna", "Asia/Kolkata" })
            {
                foreach (var by in Enum.GetValues<Dimension>().Select(dimension => (Dimension[])[dimension]).Append([Dimension.Day, Dimension.Error]).Append([Dimension.Hour, Dimension.Error])
                    .Append([Dimension.Session, Dimension.Error]).Append([Dimension.Agent, Dimension.Model, Dimension.Error]))
                {
                    var query = new ReportQuery { By = by, Zone = TimeZones.Find(zone)!, Range = range, WithIdentifiers = true };
                    var report = Report.Read(new LocalStore(db), query);
                    lines.AddRange(ReferenceTotals.Of(report).Order(StringComparer.Ordinal).Select(line => $"{zone} {string.Join(',', by)} {range}: {line}"));
                    lines.Add($"{report.FirstDay} {report.LastDay} {report.Freshness.NewestMs} {ReferenceTotals.Of(report.Totals)}");
                }

                var sessions = Report.Read(new LocalStore(db), new ReportQuery { By = [Dimension.Session], Zone = TimeZones.Find(zone)!, Range = range, Detail = RowDetail.Session });
                lines.AddRange(sessions.Rows.Select(row => $"{row.Values[0].Id} {row.Session!.FirstMs} {row.Session.LastMs} {row.Session.Models.Count} {row.Session.Model}").Order(StringComparer.Ordinal));
            }
        }

        return lines;
    }

    /// <summary>A few reports of a large store, a line a row.</summary>
    public static IReadOnlyList<string> FewReports(string db) =>
    [
        .. new Dimension[][] { [Dimension.Day, Dimension.Agent, Dimension.Error], [Dimension.Session, Dimension.Model, Dimension.Error], [Dimension.Month, Dimension.Channel] }
            .Select(by => Report.Read(new LocalStore(db), new ReportQuery { By = by, Zone = TimeZones.Find("Asia/Kolkata")! }))
            .SelectMany(report => ReferenceTotals.Of(report).Order(StringComparer.Ordinal)),
    ];

    /// <summary>Both levels of the roll-up must say the same, also where there are no events any more.</summary>
    public static void LevelsShouldAgree(string db, string because = "")
    {
        const string sums = "sum(events), sum(total_tokens), sum(cost_nano), sum(output_tokens)";
        foreach (var (fine, coarse) in new[] { ("usage_days", "usage_group_days"), ("usage_quarters", "usage_group_hours") })
        {
            var byFine = StoreRows.Query(db, $"SELECT a.group_id AS g, model_id, cost_class, {sums} FROM {fine} JOIN event_attributions AS a ON a.id = attribution_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
            var byGroup = StoreRows.Query(db, $"SELECT group_id AS g, model_id, cost_class, {sums} FROM {coarse} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
            byGroup.Select(row => row.ToString()).Should().Equal(byFine.Select(row => row.ToString()), $"{coarse} {because}");
        }

        StoreRows.Query(db, """
            SELECT (SELECT sum(errors) FROM usage_days) AS fine, (SELECT sum(events) FROM usage_group_days WHERE is_error = 1) AS coarse
            """).Should().OnlyContain(row => (row.Number("fine") ?? 0) == (row.Number("coarse") ?? 0), because);
    }
}
