using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Usage that the filters of a query accept.</summary>
sealed class AcceptedUsage(ReportQuery query, RollupReader rollup, NameGroups names, TimeGroups times)
{
    readonly bool _needsErrors = query.By.Contains(Dimension.Error) || query.Where.Any(filter => filter.Dimension is Dimension.Error);

    /// <summary>Reads usage in the order of time.</summary>
    /// <param name="range">Of when.</param>
    /// <param name="isWhole">Of which days, counted since 1970, UTC, one sum will do.</param>
    public IEnumerable<(RollupRow Row, int Names)> Read(TimeRange range, Func<int, bool> isWhole)
    {
        foreach (var row in _needsErrors ? rollup.ReadFailedApart(range) : rollup.Read(range, times.HasFilters ? _ => false : isWhole))
        {
            if (names.Find(row.Attribution, row.Model, _needsErrors && row.Counts.Errors > 0) is { } group && (!times.HasFilters || times.Find(row.Quarter) is not null))
            {
                yield return (row, group);
            }
        }
    }
}
