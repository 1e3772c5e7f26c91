using Npgsql;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Rows of a table of the fleet in the order of their time: the database sorts them, and they are held until somebody went past them.</summary>
/// <param name="connection">The fleet's database.</param>
/// <param name="table">The table.</param>
sealed class FleetRowsByTime(NpgsqlConnection connection, FleetTable table) : RowsByTime
{
    readonly FleetRows _rows = new(table, cursor: null);
    readonly Queue<(long Id, object?[] Row)> _held = new();

    public override TableRows Rows => _rows;

    public override IEnumerable<RowPlace[]> ReadPlaces(TimeRange range, Func<long, bool> isWanted)
    {
        using var cursor = new FleetCursor(connection, table.SqlByTime(range), UsageSql.BoundsOf(range));
        IReadOnlyList<EventColumnType> types = [.. table.Types, EventColumnType.Time];
        var id = 0L;
        while (cursor.Next(types) is { Count: > 0 } page)
        {
            var places = new List<RowPlace>(page.Count);
            foreach (var row in page)
            {
                var place = RowPlace.Of((long?)row[^1], ++id);
                if (isWanted(place.Ms))
                {
                    places.Add(place);
                    _held.Enqueue((id, row));
                }
            }

            yield return [.. places];
        }
    }

    /// <summary>Goes to a row that lies behind the one before.</summary>
    public override void Find(long id)
    {
        while (_held.Peek().Id < id)
        {
            _held.Dequeue();
        }

        _rows.Show(_held.Peek().Row);
    }

    public override void Dispose() => _rows.Dispose();
}
