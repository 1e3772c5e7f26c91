using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A column of numbers.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rank">The column with the highest rank is removed first where there is no room.</param>
/// <param name="Show">The cell of a row.</param>
sealed record Column(string Title, int Rank, Func<UsageTotals, string> Show);

/// <summary>The columns of a report for people; those without a number are left out.</summary>
static class Columns
{
    const string Tokens = "TOKENS", Cost = "COST (USD)";

    public static IReadOnlyList<Column> Of(Report report)
    {
        var totals = report.Totals;

        return
        [
            new Column("RESPONSES", 3, usage => NumberFormat.Count(usage.All.Events)),
            .. When(totals.All.Errors > 0, new Column("ERRORS", 6, usage => NumberFormat.Count(usage.All.Errors))),
            new Column("INPUT", 9, usage => NumberFormat.Tokens(usage.All.Input)),
            new Column("OUTPUT", 8, usage => NumberFormat.Tokens(usage.All.Output)),
            .. When(totals.All.CacheRead > 0, new Column("CACHE READ", 10, usage => NumberFormat.Tokens(usage.All.CacheRead))),
            .. When(totals.All.CacheWrite > 0, new Column("CACHE WRITE", 11, usage => NumberFormat.Tokens(usage.All.CacheWrite))),
            .. When(totals.All.Reasoning > 0, new Column("REASONING", 13, usage => usage.Reasoning is { } known ? NumberFormat.Tokens(known) : NumberFormat.Unknown)),
            new Column(Tokens, 1, usage => NumberFormat.Tokens(usage.All.Total)),
            .. When(totals.All.CacheRead > 0, new Column("CACHE HIT", 7, usage => NumberFormat.Percent(usage.CacheHitRatio))),
            .. Costs(totals),
            .. When(totals.Unpriced.Events > 0, new Column("UNPRICED", 2, usage => NumberFormat.Count(usage.Unpriced.Events))),
            .. When(totals.UnmeasuredEvents > 0, new Column("UNMEASURED", 3, usage => NumberFormat.Count(usage.UnmeasuredEvents))),
            new Column(totals.Known?.Dollars > 0 ? "COST %" : "TOKENS %", 4, usage => NumberFormat.Percent(ShareOf(usage, totals))),
            .. When(totals.PricedEvents > 0, new Column("$/RESPONSE", 12, usage => NumberFormat.Dollars(usage.CostPerResponse))),
            .. When(totals.PricedTokens > 0, new Column("$/1M TOKENS", 5, usage => NumberFormat.Dollars(usage.CostPerMillionTokens))),
        ];
    }

    /// <summary>The heading of the column that the bars show.</summary>
    public static string BarTitle(UsageTotals totals) => totals.Known?.Dollars > 0 ? Cost : Tokens;

    /// <summary>The share of the known cost, or of the tokens if no cost is known.</summary>
    public static double? ShareOf(UsageTotals usage, UsageTotals totals) =>
        totals.Known?.Dollars > 0 ? NumberFormat.Share(usage.Known?.Dollars, totals.Known?.Dollars) : NumberFormat.Share(usage.All.Total, totals.All.Total);

    /// <summary>What is known in all; recorded list prices and billed amounts get a column each if there are both.</summary>
    static IEnumerable<Column> Costs(UsageTotals totals) =>
    [
        new Column(Cost, 0, usage => NumberFormat.Dollars(usage.Known?.Dollars)),
        .. When(totals is { BilledEvents: > 0, RecordedEvents: > 0 }, new Column("RECORDED", 7, usage => NumberFormat.Dollars(usage.Recorded?.Dollars))),
        .. When(totals is { BilledEvents: > 0, RecordedEvents: > 0 }, new Column("BILLED", 7, usage => NumberFormat.Dollars(usage.Billed?.Dollars))),
    ];

    static IEnumerable<Column> When(bool isNeeded, Column column) => isNeeded ? [column] : [];
}
