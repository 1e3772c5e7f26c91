using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Usage that the filters of a query accept.</summary>
sealed class AcceptedUsage(ReportQuery query, IRollup rollup, NameGroups names, NameGroups filters, TimeGroups times)
{
    readonly bool _needsErrors = query.By.Contains(Dimension.Error) || AnyFilter(query, Dimension.Error);

    /// <summary>Reads usage, with the number of its names, in the order of time (but where failed calls of sessions are asked for).</summary>
    /// <param name="range">Of when.</param>
    public IEnumerable<(RollupRow Row, int Names)> Read(TimeRange range) => Read(names, range, times.CutOf, _needsErrors);

    /// <summary>Reads usage whose names do not matter, in the order of time.</summary>
    /// <param name="range">Of when.</param>
    /// <param name="cutOf">Which sums of a day, counted since 1970, UTC, will do.</param>
    public IEnumerable<RollupRow> ReadTotals(TimeRange range, Func<int, DayCut> cutOf) =>
        Read(filters, range, times.HasFilters ? day => Finer(cutOf(day), times.CutOf(day)) : cutOf, AnyFilter(query, Dimension.Error)).Select(read => read.Row);

    /// <summary>The names of a row that <see cref="ReadTotals" /> returned, but those of a session.</summary>
    public AttributionNames NamesOf(long attribution) => rollup.FindNames(filters.Level, attribution, withSession: true);

    IEnumerable<(RollupRow Row, int Names)> Read(NameGroups by, TimeRange range, Func<int, DayCut> cutOf, bool needsErrors)
    {
        foreach (var row in rollup.Read(by.Level, range, cutOf, needsErrors))
        {
            if (by.Find(row.Attribution, row.Model, needsErrors && row.Counts.Errors > 0) is { } group && (!times.HasFilters || times.Find(row.Quarter) is not null))
            {
                yield return (row, group);
            }
        }
    }

    static bool AnyFilter(ReportQuery query, Dimension dimension) => query.Where.Any(filter => filter.Dimension == dimension);

    /// <summary>What satisfies both.</summary>
    static DayCut Finer(DayCut a, DayCut b) => a == b || b == DayCut.Whole ? a : a == DayCut.Whole ? b : DayCut.EachQuarter;
}
