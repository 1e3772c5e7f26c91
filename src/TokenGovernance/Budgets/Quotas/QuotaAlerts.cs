using System.Globalization;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets.Quotas;

/// <summary>What fires of providers' windows.</summary>
static class QuotaAlerts
{
    /// <summary>Providers say when a window begins anew with some jitter: less than this is the same window.</summary>
    const long JitterMs = 30 * 60_000;

    /// <summary>All thresholds that are reached.</summary>
    public static IEnumerable<(Alert Alert, IReadOnlyList<string> Notify)> Find(IReadOnlyList<QuotaSettings> quotas, Reports.Quotas readings, long nowMs) =>
        from quota in quotas
        from pace in readings.Windows
        let last = pace.Last
        where !pace.IsOver && last.UsedPercent is not null
            && IsMeant(quota.Provider, last.Series.Provider) && (quota.Window is null || IsMeant(quota.Window, last.Series.Window))
        from threshold in quota.Warn
        where last.UsedPercent >= threshold
        orderby threshold descending
        select (Of(pace, threshold, nowMs), quota.Notify);

    /// <summary>True if this threshold, or a higher one, was not told for the window yet.</summary>
    public static bool IsNews(AlertTable table, Alert alert) =>
        !table.Find(AlertKind.Quota, alert.Budget, alert.PeriodStartMs - JitterMs)
            .Any(known => known.Instance == alert.Instance && Math.Abs(known.PeriodStartMs - alert.PeriodStartMs) < JitterMs
                && known.Threshold >= alert.Threshold);

    static Alert Of(QuotaPace pace, int threshold, long nowMs)
    {
        var (last, series) = (pace.Last, pace.Last.Series);
        var used = last.UsedPercent!.Value;
        var name = string.Join(", ", new[] { series.Provider, series.Group, series.Window }.Where(part => part is not null).Select(part => PrintableText.Of(part!)));
        var empty = pace.EmptyAtMs is { } emptyAt ? $" At this pace it is used up in {Length(emptyAt - nowMs)}." : "";
        var reset = last.ResetAtMs is { } resetAt ? $" It begins anew in {Length(resetAt - nowMs)}." : "";

        return new Alert
        {
            Kind = AlertKind.Quota,
            Budget = $"{series.Provider}/{series.Window}",
            Instance = string.Join(' ', new[] { series.Account?[..Math.Min(8, series.Account.Length)], series.Agent, series.Group }.Where(part => part is not null)),
            PeriodStartMs = last.ResetAtMs ?? nowMs / QuarterHour.DayMs * QuarterHour.DayMs,
            PeriodEndMs = last.ResetAtMs ?? ((nowMs / QuarterHour.DayMs) + 1) * QuarterHour.DayMs,
            Threshold = threshold,
            Limit = 100,
            Value = used,
            Unit = "%",
            FiredMs = nowMs,
            Text = $"Quota {name}: {used.ToString("0.#", CultureInfo.InvariantCulture)} % used.{empty}{reset}",
        };
    }

    static bool IsMeant(string said, string? name) => string.Equals(said, name, StringComparison.OrdinalIgnoreCase);

    static string Length(long ms)
    {
        var length = TimeSpan.FromMilliseconds(Math.Max(0, ms));

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(length.TotalHours >= 48 ? $"{length.TotalDays:0} days" : length.TotalMinutes >= 120 ? $"{length.TotalHours:0} h" : $"{length.TotalMinutes:0} min")}");
    }
}
