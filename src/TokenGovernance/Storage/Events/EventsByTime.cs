using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Events;

/// <summary>Events by the start of their call. No index is in that order: the table is read once for every two million of them.</summary>
/// <param name="connection">The store.</param>
/// <param name="mostPlaces">How many places are held at a time; a quarter of an hour is never divided.</param>
sealed class EventsByTime(SqliteConnection connection, int mostPlaces = EventsByTime.MostPlaces) : RowsByTime
{
    /// <summary>32 MB.</summary>
    const int MostPlaces = 2_000_000;

    const string CountsSql = "SELECT quarter, sum(events) FROM usage_quarters WHERE quarter >= ?1 AND quarter <= ?2 GROUP BY quarter ORDER BY quarter";

    const string PlacesSql = $"SELECT {RollupTable.UsageMs}, e.id FROM event_facts AS e WHERE {RollupTable.UsageMs} >= ?1 AND {RollupTable.UsageMs} < ?2";

    const string WithoutTimeSql = $"SELECT {RollupTable.UsageMs}, e.id FROM event_facts AS e WHERE {RollupTable.UsageMs} IS NULL OR {RollupTable.UsageMs} < ?1 OR {RollupTable.UsageMs} >= ?2";

    static readonly TimeRange Known = new(RowPlace.First, RowPlace.Last);

    readonly EventRows _rows = EventRows.ById(connection);

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["events by quarter"] = CountsSql,
        ["places"] = PlacesSql,
        ["places without a time"] = WithoutTimeSql,
    };

    public override TableRows Rows => _rows;

    public override IEnumerable<RowPlace[]> ReadPlaces(TimeRange range, Func<long, bool> isWanted)
    {
        if (range is { FromMs: null, BeforeMs: null } && isWanted(RowPlace.Unknown) && Load(WithoutTimeSql, Known, isWanted) is { Length: > 0 } first)
        {
            yield return first;
        }

        var known = new TimeRange(Math.Max(range.FromMs ?? RowPlace.First, RowPlace.First), Math.Min(range.BeforeMs ?? RowPlace.Last, RowPlace.Last));
        foreach (var window in FindWindows(known, isWanted))
        {
            yield return Load(PlacesSql, window, isWanted);
        }
    }

    public override void Find(long id) => _rows.Find(id);

    public override void Dispose() => _rows.Dispose();

    /// <summary>Cuts a range at quarters of an hour, so that each piece has not too many events.</summary>
    List<TimeRange> FindWindows(TimeRange range, Func<long, bool> isWanted)
    {
        var windows = new List<TimeRange>();
        var (from, before, held) = (range.FromMs!.Value, range.BeforeMs!.Value, 0L);
        using var counts = new SqliteRows(connection, CountsSql);
        counts.Bind(1, QuarterHour.Of(from));
        counts.Bind(2, QuarterHour.Of(before));
        while (counts.Next())
        {
            var (start, events) = (QuarterHour.StartMs((int)counts.GetInteger(0)), counts.GetInteger(1));
            if (start > from && !isWanted(start))
            {
                continue;
            }

            if (held > 0 && held + events > mostPlaces)
            {
                windows.Add(new TimeRange(from, start));
                (from, held) = (start, 0);
            }

            held += events;
        }

        if (held > 0)
        {
            windows.Add(new TimeRange(from, before));
        }

        return windows;
    }

    RowPlace[] Load(string sql, TimeRange bounds, Func<long, bool> isWanted)
    {
        var places = new List<RowPlace>();
        using var rows = new SqliteRows(connection, sql);
        rows.Bind(1, bounds.FromMs!.Value);
        rows.Bind(2, bounds.BeforeMs!.Value);
        while (rows.Next())
        {
            var place = RowPlace.Of(rows.TypeOf(0) is CellType.Null ? null : rows.GetInteger(0), rows.GetInteger(1));
            if (isWanted(place.Ms))
            {
                places.Add(place);
            }
        }

        places.Sort();

        return [.. places];
    }
}
