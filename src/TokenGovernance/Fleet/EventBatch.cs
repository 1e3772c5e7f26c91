using TokenGovernance.Domain;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>A page of the change feed as rows for the fleet's database: of each key the last word.</summary>
sealed class EventBatch
{
    static readonly DateTime Undated = DateTime.UnixEpoch;

    /// <summary>The columns of the rows.</summary>
    public static readonly IReadOnlyList<FleetColumn> Columns = [.. FleetColumns.Events, new("is_undated", FleetType.Flag)];

    EventBatch()
    {
    }

    /// <summary>Events to add or change.</summary>
    public RowBlock Rows { get; } = new(Columns);

    /// <summary>Keys that went, or went and came again.</summary>
    public List<byte[]> Removed { get; } = [];

    /// <summary>Rows whose key does not say their time, by their place among <see cref="Rows" />.</summary>
    public List<int> Calls { get; } = [];

    /// <summary>How many are of months that were detached.</summary>
    public long PassedOver { get; private set; }

    /// <summary>The earliest time of an event.</summary>
    public DateTime? Oldest { get; private set; }

    /// <summary>Makes the rows of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="allColumns">Also what can name people.</param>
    /// <param name="detachedBefore">What is older is passed over.</param>
    public static EventBatch Of(ChangePage page, bool allColumns, DateTime? detachedBefore)
    {
        var batch = new EventBatch();
        foreach (var change in LastWords(page.Changes, batch.Removed))
        {
            batch.Add(change, allColumns, detachedBefore);
        }

        return batch;
    }

    /// <summary>The months of rows that have no partition and may have one.</summary>
    public IEnumerable<DateTime> MonthsWithout(IReadOnlySet<DateTime> months)
    {
        var now = DateTime.UtcNow;

        return Rows.Rows.Select(row => Partitions.MonthOf((DateTime)row[FleetColumns.TimeIndex]!, now)).OfType<DateTime>().Distinct().Where(month => !months.Contains(month));
    }

    static IEnumerable<EventChange> LastWords(IReadOnlyList<EventChange> changes, List<byte[]> removed)
    {
        var last = new Dictionary<EventKey, int>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].IsRemoval)
            {
                removed.Add(changes[i].Key.ToBytes());
            }

            last[changes[i].Key] = i;
        }

        return changes.Where((change, i) => !change.IsRemoval && last[change.Key] == i);
    }

    void Add(EventChange change, bool allColumns, DateTime? detachedBefore)
    {
        var values = change.Event!.Values;
        var row = new object?[Columns.Count];
        for (var i = 0; i < values.Count; i++)
        {
            var column = Columns[i];
            row[i] = column.NamesPeers && !allColumns ? null : FleetValues.Of(column, values[i]);
        }

        var time = (DateTime?)row[FleetColumns.TimeIndex];
        if (time < detachedBefore)
        {
            PassedOver++;

            return;
        }

        row[FleetColumns.TimeIndex] = time ?? Undated;
        row[^1] = time is null;
        if (time is not null)
        {
            Oldest = Oldest < time ? Oldest : time;
        }

        if (!SaysTime(change.Key, time))
        {
            Calls.Add(Rows.Rows.Count);
        }

        Rows.Rows.Add(row);
    }

    /// <summary>A key begins with its entry's time in ms; a call's, with its turn's.</summary>
    static bool SaysTime(EventKey key, DateTime? time) => (long)(key.High >> 16) == (time is { } known ? (long)(known - DateTime.UnixEpoch).TotalMilliseconds : 0);
}
