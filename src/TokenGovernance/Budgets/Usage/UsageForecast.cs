using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Budgets.Usage;

/// <summary>What a period that is not over will probably come to: all usage, or that of one name.</summary>
/// <param name="Name">NULL: not known, or all.</param>
/// <param name="SoFar">What it came to until now.</param>
/// <param name="Outlook">What it will come to.</param>
sealed record UsageForecast(string? Name, UsageTotals SoFar, Outlook Outlook)
{
    /// <summary>Reads a store; the dearest first.</summary>
    /// <param name="store">The store.</param>
    /// <param name="by">One for each name of this dimension, which is no span of time; NULL: one for all.</param>
    /// <param name="fromMs">When the period began.</param>
    /// <param name="endMs">When it is over.</param>
    /// <param name="nowMs">The time.</param>
    public static IReadOnlyList<UsageForecast> Read(IStore store, Dimension? by, long fromMs, long endMs, long nowMs) => store.Read(reader =>
    {
        using var usage = new UsageRows(reader, by switch { Dimension.Session => NameDetail.Sessions, Dimension.Job => NameDetail.Jobs, _ => NameDetail.Groups });
        var daysFromMs = ((nowMs / QuarterHour.DayMs) - Forecast.MostDays) * QuarterHour.DayMs;
        var range = new TimeRange(Math.Min(daysFromMs, fromMs), QuarterHour.StartMs(QuarterHour.Of(nowMs) + 1));
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        if (by is null)
        {
            groups[""] = new Group();
        }

        foreach (var row in usage.Read(range, day => fromMs <= day * QuarterHour.DayMs || fromMs >= (day + 1) * QuarterHour.DayMs ? [] : null))
        {
            var name = by is { } dimension ? row.Names.Of(dimension) ?? "" : "";
            if (!groups.TryGetValue(name, out var group))
            {
                groups[name] = group = new Group();
            }

            group.Add(row, fromMs);
        }

        return (IReadOnlyList<UsageForecast>)
        [
            .. groups.Select(pair => new UsageForecast(pair.Key.Length > 0 ? pair.Key : null, pair.Value.SoFar, Outlook.Of(pair.Value.SoFar, endMs, nowMs, pair.Value.Read)))
                .OrderByDescending(one => one.Outlook.Cost?.Middle ?? (double)(one.SoFar.Known?.Dollars ?? 0))
                .ThenByDescending(one => one.Outlook.Tokens?.Middle ?? 0).ThenBy(one => one.Name, StringComparer.Ordinal),
        ];
    });

    sealed class Group
    {
        readonly List<RollupRow> _rows = [];

        public UsageTotals SoFar { get; } = new();

        public void Add(in UsageRow row, long fromMs)
        {
            _rows.Add(new RollupRow(row.Quarter, 0, 0, row.Counts, row.Cost, row.CostClass));
            if (QuarterHour.StartMs(row.Quarter) >= fromMs)
            {
                SoFar.Add(row.Counts, row.Cost, row.CostClass);
            }
        }

        public IEnumerable<RollupRow> Read(TimeRange range) =>
            _rows.Where(row => QuarterHour.StartMs(row.Quarter) >= range.FromMs && QuarterHour.StartMs(row.Quarter) < range.BeforeMs);
    }
}
