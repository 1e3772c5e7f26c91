using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A column of numbers.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rank">The column with the highest rank is removed first where there is no room.</param>
/// <param name="Show">The cell of a row.</param>
sealed record Column(string Title, int Rank, Func<ReportSums, string> Show);

/// <summary>The columns of a report for people; those without a number are left out.</summary>
static class Columns
{
    public static IReadOnlyList<Column> Of(Report report)
    {
        var totals = report.Totals;

        return
        [
            new Column("RESPONSES", 3, sums => NumberFormat.Count(sums.All.Events)),
            .. When(totals.All.Errors > 0, new Column("ERRORS", 6, sums => NumberFormat.Count(sums.All.Errors))),
            new Column("INPUT", 9, sums => NumberFormat.Count(sums.All.Input)),
            new Column("OUTPUT", 8, sums => NumberFormat.Count(sums.All.Output)),
            .. When(totals.All.CacheRead > 0, new Column("CACHE READ", 10, sums => NumberFormat.Count(sums.All.CacheRead))),
            .. When(totals.All.CacheWrite > 0, new Column("CACHE WRITE", 11, sums => NumberFormat.Count(sums.All.CacheWrite))),
            .. When(totals.All.Reasoning > 0, new Column("REASONING", 13, sums => NumberFormat.Count(sums.Reasoning))),
            new Column("TOKENS", 1, sums => NumberFormat.Count(sums.All.Total)),
            .. When(totals.All.CacheRead > 0, new Column("CACHE HIT", 7, sums => NumberFormat.Percent(sums.CacheHitRatio))),
            .. Costs(totals),
            .. When(totals.Unpriced.Events > 0, new Column("UNPRICED", 2, sums => NumberFormat.Count(sums.Unpriced.Events))),
            new Column(totals.Known > 0 ? "COST %" : "TOKENS %", 4, sums => NumberFormat.Percent(ShareOf(sums, totals))),
            .. When(totals.PricedEvents > 0, new Column("$/RESPONSE", 12, sums => NumberFormat.Dollars(sums.CostPerResponse))),
            .. When(totals.PricedTokens > 0, new Column("$/1M TOKENS", 5, sums => NumberFormat.Dollars(sums.CostPerMillionTokens))),
        ];
    }

    /// <summary>The share of the known cost, or of the tokens if no cost is known.</summary>
    public static double? ShareOf(ReportSums sums, ReportSums totals) =>
        totals.Known > 0 ? NumberFormat.Share(sums.Known, totals.Known) : NumberFormat.Share(sums.All.Total, totals.All.Total);

    /// <summary>Recorded list prices and billed amounts get a column each if there are both.</summary>
    static IEnumerable<Column> Costs(ReportSums totals) =>
        totals.BilledEvents > 0 && totals.RecordedEvents > 0
            ? [new Column("RECORDED", 0, sums => NumberFormat.Dollars(sums.Recorded)), new Column("BILLED", 0, sums => NumberFormat.Dollars(sums.Billed))]
            : [new Column(totals.BilledEvents > 0 ? "BILLED (USD)" : "COST (USD)", 0, sums => NumberFormat.Dollars(sums.Known))];

    static IEnumerable<Column> When(bool isNeeded, Column column) => isNeeded ? [column] : [];
}
