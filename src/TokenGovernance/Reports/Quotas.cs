using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>The current state of all quotas.</summary>
/// <param name="Windows">Quota windows, of which a share is used.</param>
/// <param name="Amounts">Balances, spends and budgets.</param>
/// <param name="Errors">Failed readings that no successful one followed.</param>
sealed record Quotas(IReadOnlyList<QuotaPace> Windows, IReadOnlyList<QuotaReading> Amounts, IReadOnlyList<QuotaReading> Errors)
{
    /// <summary>A quota not read for this long, while others were, is left out.</summary>
    const long GoneMs = 7L * 24 * 3_600_000;

    public bool IsEmpty => Windows.Count + Amounts.Count + Errors.Count == 0;

    /// <param name="all">All of a store, in the order of time.</param>
    /// <param name="nowMs">The time.</param>
    public static Quotas Of(IReadOnlyList<QuotaReading> all, long nowMs)
    {
        var series = new Dictionary<QuotaSeries, List<QuotaReading>>();
        foreach (var reading in all)
        {
            if (!series.TryGetValue(reading.Series, out var readings))
            {
                series[reading.Series] = readings = [];
            }

            readings.Add(reading);
        }

        var newest = series.Values.Select(readings => readings[^1].TakenMs).DefaultIfEmpty().Max();
        var current = series.Values.Where(readings => readings[^1].TakenMs > newest - GoneMs)
            .OrderBy(readings => readings[^1].Series.Provider, StringComparer.Ordinal)
            .ThenBy(readings => readings[^1].Series.Account, StringComparer.Ordinal)
            .ThenBy(readings => readings[^1].Series.Agent, StringComparer.Ordinal)
            .ThenBy(readings => readings[^1].Series.Group, StringComparer.Ordinal)
            .ThenBy(readings => readings[^1].Series.Window, StringComparer.Ordinal)
            .ToList();
        var lasts = current.Select(readings => readings[^1]).ToList();

        return new Quotas(
            [.. current.Where(readings => readings[^1].Series.Kind == "window").Select(readings => QuotaPace.Of(readings, nowMs))],
            [.. lasts.Where(last => last.Series.Kind is "balance" or "spend" or "budget")],
            [.. lasts.Where(last => last.Series.Kind == "error" && !lasts.Any(other => IsAnswer(other, last)))]);
    }

    /// <summary>True for a later snapshot of the provider that failed, or of any provider if the whole reading had failed.</summary>
    static bool IsAnswer(QuotaReading reading, QuotaReading error) =>
        reading.Series.Kind != "error" && reading.TakenMs > error.TakenMs && reading.Series.Home == error.Series.Home
        && reading.Series.Agent == error.Series.Agent
        && (error.Series.Provider is null || error.Series.Provider == reading.Series.Provider);
}
