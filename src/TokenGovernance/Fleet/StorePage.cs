using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>Reads something of the store, all of one moment.</summary>
delegate StorePage ReadStore(Func<StoreReader, StorePage> read);

/// <summary>What of the store is to be pushed next.</summary>
/// <param name="Changes">Of the change feed.</param>
/// <param name="Snapshots">Quota readings after the last one that was pushed.</param>
/// <param name="Position">How far the store is.</param>
/// <param name="Problem">Why the token cannot be gone on from; then there is nothing else.</param>
sealed record StorePage(ChangePage Changes, RowBlock Snapshots, ChangePosition Position, ChangeTokenProblem? Problem = null)
{
    /// <summary>The most quota readings of a page.</summary>
    public const int MostSnapshots = 1000;

    /// <summary>Events that come after this page; a few ids may never have been used.</summary>
    public long Behind => Position.EventId - Changes.Next.Position.EventId;

    /// <summary>Reads the next page.</summary>
    public static StorePage Read(StoreReader store, ChangeToken? after, long afterSnapshot, int limit)
    {
        using var feed = store.OpenChanges();
        try
        {
            return new StorePage(feed.Read(after, limit), ReadSnapshots(store, afterSnapshot), store.ReadPosition());
        }
        catch (InvalidChangeTokenException e)
        {
            return new StorePage(feed.Read(after: null, 1), new RowBlock(FleetColumns.Snapshots), store.ReadPosition(), e.Problem);
        }
    }

    static RowBlock ReadSnapshots(StoreReader store, long after)
    {
        var block = new RowBlock(FleetColumns.Snapshots);
        using var rows = store.ReadSnapshotsAfter(after);
        while (block.Rows.Count < MostSnapshots && rows.Next())
        {
            block.Rows.Add([.. block.Columns.Select((column, i) => FleetValues.Of(column, rows[i]))]);
        }

        return block;
    }
}
