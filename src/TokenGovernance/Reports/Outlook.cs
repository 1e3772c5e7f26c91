using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>What a period that is not over will probably come to.</summary>
/// <param name="EndMs">When it is over, in ms since 1970.</param>
/// <param name="Cost">In US dollars; NULL where it is too early to say, or no cost is known.</param>
/// <param name="Tokens">NULL where it is too early to say.</param>
/// <param name="Days">Whole days that there are to go by, 28 at most; with fewer than <see cref="Forecast.LeastDays" /> it is too early.</param>
sealed record Outlook(long EndMs, Forecast? Cost, Forecast? Tokens, int Days)
{
    public bool IsTooEarly => Days < Forecast.LeastDays;

    /// <summary>Goes by the last 28 days, counted in UTC: which hours belong to which day does not matter to what four weeks say.</summary>
    /// <param name="soFar">What the period came to until now.</param>
    /// <param name="endMs">When it is over.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="read">Reads usage of a range, whole days as one.</param>
    public static Outlook Of(UsageTotals soFar, long endMs, long nowMs, Func<TimeRange, IEnumerable<RollupRow>> read)
    {
        var today = (int)Math.Floor(nowMs / (double)QuarterHour.DayMs);
        var first = today - Forecast.MostDays;
        var days = new UsageTotals?[Forecast.MostDays];
        foreach (var row in read(new TimeRange(first * QuarterHour.DayMs, today * QuarterHour.DayMs)))
        {
            (days[QuarterHour.DayOf(row.Quarter) - first] ??= new UsageTotals()).Add(row.Counts, row.Cost, row.CostClass);
        }

        var known = days.SkipWhile(day => day is null).ToList();
        var daysLeft = (endMs - nowMs) / (double)QuarterHour.DayMs;

        return new Outlook(
            endMs,
            soFar.Known is null && known.All(day => day?.Known is null)
                ? null
                : Forecast.Of(Dollars(soFar), [.. known.Select(Dollars)], daysLeft),
            Forecast.Of(soFar.All.Total, [.. known.Select(day => (double)(day?.All.Total ?? 0))], daysLeft),
            known.Count);
    }

    static double Dollars(UsageTotals? totals) => (double)(totals?.Known?.Dollars ?? 0);
}
