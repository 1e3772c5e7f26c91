using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Adds to a report what the period before came to, and what this one will.</summary>
static class ReportPeriod
{
    /// <summary>The mean of days does not tell how a single day will end; and a period that ends today, such as the last 30 days, has no forecast either.</summary>
    const long OutlookFromMs = 36L * 3_600_000;

    public static Report Add(Report report, AcceptedUsage usage)
    {
        var query = report.Query;
        if (query.NowMs is not { } now || PeriodPair.Of(new LocalCalendar(query.Zone), query.Range, now) is not { } period)
        {
            return report;
        }

        var calendar = new LocalCalendar(query.Zone);
        var before = new UsageTotals();
        foreach (var row in usage.ReadTotals(period.Before, _ => DayCut.Whole))
        {
            before.Add(row.Counts, row.Cost, row.CostClass);
        }

        return report with
        {
            Period = period,
            Before = before,
            Outlook = period.IsUnfinished && period.EndMs - query.Range.FromMs > OutlookFromMs && query.Range.BeforeMs is not null
                && (period.EndMs > calendar.StartOf(calendar.DayOf(now).AddDays(1)) || calendar.IsWeekOrMonth(query.Range))
                ? Outlook.Of(report.Totals, period.EndMs, now, range => usage.ReadTotals(range, _ => DayCut.Whole))
                : null,
        };
    }
}
