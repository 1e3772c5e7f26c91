using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Serving.Metrics;

/// <summary>Gauges of quotas: what was read last, and when. What is unknown has no sample.</summary>
static class QuotaMetrics
{
    public static void Write(ExpositionWriter to, Quotas quotas, long nowMs)
    {
        var windows = Distinct(quotas.Windows.Select(window => window.Last));
        to.Gauge("quota_used_ratio", "Share of a quota window that was used when it was read; none once the window has started anew.");
        foreach (var (labels, reading) in windows.Where(one => one.Reading.UsedPercent is not null && !(one.Reading.ResetAtMs <= nowMs)))
        {
            to.Add(reading.UsedPercent!.Value / 100, labels);
        }

        to.Gauge("quota_reset_timestamp_seconds", "When a quota window starts anew.");
        foreach (var (labels, reading) in windows.Where(one => one.Reading.ResetAtMs is not null))
        {
            to.Add(reading.ResetAtMs!.Value / 1000.0, labels);
        }

        to.Gauge("quota_reading_timestamp_seconds", "When a quota window was read last.");
        foreach (var (labels, reading) in windows)
        {
            to.Add(reading.TakenMs / 1000.0, labels);
        }

        WriteAmounts(to, quotas);
        to.Gauge("quota_error", "1 where the last reading of a provider's quotas failed; of all providers where the label is empty.");
        foreach (var provider in quotas.Errors.Select(error => error.Series.Provider ?? "").Distinct().Order(StringComparer.Ordinal))
        {
            to.Add(1L, ("provider", provider));
        }
    }

    static void WriteAmounts(ExpositionWriter to, Quotas quotas)
    {
        foreach (var (kind, help) in new[] { ("balance", "Money or credits that are left."), ("spend", "Money or credits that were spent in a period.") })
        {
            to.Gauge($"quota_{kind}", help);
            foreach (var (labels, reading) in Distinct(quotas.Amounts.Where(amount => amount.Series.Kind == kind && amount.Amount is not null)))
            {
                to.Add(reading.Amount!.Value, [.. labels, ("unit", reading.Series.Unit ?? "")]);
            }
        }
    }

    /// <summary>Of readings with the same labels, as of two homes, the newest: a sample may stand only once.</summary>
    static List<((string Name, string Value)[] Labels, QuotaReading Reading)> Distinct(IEnumerable<QuotaReading> readings) =>
    [
        .. readings.GroupBy(reading => (reading.Series.Provider, Window: WindowOf(reading.Series), reading.Series.Account, reading.Series.Agent, reading.Series.Unit))
            .Select(same => (Labels(same.Key.Provider, same.Key.Window, same.Key.Account, same.Key.Agent), same.MaxBy(reading => reading.TakenMs)!)),
    ];

    static string WindowOf(QuotaSeries series) => string.Join(' ', new[] { series.Group, series.Window ?? series.Period }.OfType<string>());

    static (string Name, string Value)[] Labels(string? provider, string window, string? account, string? agent) =>
        [("provider", provider ?? ""), ("window", window), ("account", account ?? ""), ("agent", agent ?? "")];
}
