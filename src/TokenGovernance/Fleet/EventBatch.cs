using TokenGovernance.Domain;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet;

/// <summary>A page of the change feed as rows for the fleet's database: of each key only what was told last.</summary>
/// <param name="allColumns">Also what can name people.</param>
/// <param name="detachedBefore">What is older is passed over.</param>
sealed class EventBatch(bool allColumns, DateTime? detachedBefore) : IChangeTaker
{
    static readonly DateTime Undated = DateTime.UnixEpoch;

    /// <summary>The columns of the rows.</summary>
    public static readonly IReadOnlyList<FleetColumn> Columns = [.. FleetColumns.Events, new("is_undated", FleetType.Flag)];

    /// <summary>Of each key the place in <see cref="_told" /> of what was told last.</summary>
    readonly Dictionary<EventKey, int> _last = [];

    readonly List<ToldEvent> _told = [];

    /// <summary>Events to add or change.</summary>
    public RowBlock Rows { get; } = new(Columns);

    /// <summary>Keys that went, or went and came again.</summary>
    public List<byte[]> Removed { get; } = [];

    /// <summary>Rows whose key does not say their time, and that time.</summary>
    public IEnumerable<(int Place, DateTime Time)> Calls => Last.Where(told => told is { IsCall: true, Place: >= 0 }).Select(told => (told.Place, told.Time ?? Undated));

    /// <summary>How many are of months that were detached.</summary>
    public long PassedOver => Last.LongCount(told => told.Place < 0);

    /// <summary>The earliest time of an event.</summary>
    public DateTime? Oldest => Last.Where(told => told.Place >= 0).Min(told => told.Time);

    IEnumerable<ToldEvent> Last => _told.Where(told => !told.IsOutdated);

    /// <summary>Begins anew; the memory stays.</summary>
    public void Clear()
    {
        Rows.Clear();
        Removed.Clear();
        _last.Clear();
        _told.Clear();
    }

    public void Take(EventKey key, EventRows rows)
    {
        Forget(key);
        var time = FleetValues.TimeOf(rows.TimeAt(FleetColumns.TimeIndex));
        _last[key] = _told.Count;
        _told.Add(new ToldEvent(time < detachedBefore ? -1 : AddRow(rows, time), time, !SaysTime(key, time)));
    }

    public void TakeRemoval(EventKey key)
    {
        Forget(key);
        Removed.Add(key.ToBytes());
    }

    /// <summary>The months of rows that have no partition and may have one.</summary>
    public IEnumerable<DateTime> MonthsWithout(IReadOnlySet<DateTime> months)
    {
        var now = DateTime.UtcNow;

        return Last.Where(told => told.Place >= 0).Select(told => Partitions.MonthOf(told.Time ?? Undated, now)).OfType<DateTime>().Distinct().Where(month => !months.Contains(month));
    }

    void Forget(EventKey key)
    {
        if (!_last.Remove(key, out var at))
        {
            return;
        }

        if (_told[at].Place is >= 0 and var place)
        {
            Rows.Remove(place);
        }

        _told[at] = _told[at] with { IsOutdated = true };
    }

    int AddRow(EventRows rows, DateTime? time)
    {
        var place = Rows.Begin();
        for (var i = 0; i < FleetColumns.Events.Count; i++)
        {
            var column = Columns[i];
            if (i == FleetColumns.TimeIndex)
            {
                Rows.Add(time ?? Undated);
            }
            else if (column.NamesPeers && !allColumns)
            {
                Rows.AddNull();
            }
            else if (column.Type is FleetType.Time)
            {
                Rows.Add(FleetValues.TimeOf(rows.TimeAt(i)));
            }
            else
            {
                Rows.Add(column, rows[i]);
            }
        }

        Rows.Add(time is null);
        Rows.End();

        return place;
    }

    /// <summary>A key begins with its entry's time in ms; a call's, with its turn's.</summary>
    static bool SaysTime(EventKey key, DateTime? time) => (long)(key.High >> 16) == (time is { } known ? (long)(known - DateTime.UnixEpoch).TotalMilliseconds : 0);

    /// <summary>One event that was told.</summary>
    /// <param name="Place">Of its row; -1: it is passed over.</param>
    /// <param name="Time">NULL: unknown.</param>
    /// <param name="IsCall">Its key does not say its time.</param>
    /// <param name="IsOutdated">More was told of its key afterwards.</param>
    readonly record struct ToldEvent(int Place, DateTime? Time, bool IsCall, bool IsOutdated = false);
}
