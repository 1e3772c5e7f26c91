using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage;

/// <summary>Readings of quotas by their time. There are few of them: their places are held at once.</summary>
sealed class SnapshotsByTime(SqliteConnection connection) : RowsByTime
{
    const string PlacesSql = "SELECT snapshot_ts, id FROM provider_usage_snapshots";

    readonly StoredSnapshots _rows = StoredSnapshots.ById(connection);

    public override TableRows Rows => _rows;

    public override IEnumerable<RowPlace[]> ReadPlaces(TimeRange range, Func<long, bool> isWanted)
    {
        var isAll = range is { FromMs: null, BeforeMs: null };
        var places = new List<RowPlace>();
        using var rows = new SqliteRows(connection, PlacesSql);
        while (rows.Next())
        {
            var place = RowPlace.Of(UtcTime.TryParse(rows.GetString(0), out var ms) ? ms : null, rows.GetInteger(1));
            if (isWanted(place.Ms) && (isAll || (place.Ms != RowPlace.Unknown && range.Contains(place.Ms))))
            {
                places.Add(place);
            }
        }

        places.Sort();

        return [[.. places]];
    }

    public override void Find(long id)
    {
        _rows.Begin(id);
        _rows.Next();
    }

    public override void Dispose() => _rows.Dispose();
}
