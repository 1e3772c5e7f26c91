using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>Reads something of the store, all of one moment.</summary>
delegate StorePage ReadStore(Func<StoreReader, StorePage> read);

/// <summary>What of the store is to be pushed next, beside the events of the batch.</summary>
/// <param name="Changes">How many changes of the change feed they are, and where it goes on.</param>
/// <param name="Snapshots">Quota readings after the last one that was pushed.</param>
/// <param name="LastSnapshot">The id of the last of these; of the last one that was pushed if there are none.</param>
/// <param name="Position">How far the store is.</param>
/// <param name="Problem">Why the token cannot be gone on from; then there is nothing else.</param>
sealed record StorePage(PageEnd Changes, RowBlock Snapshots, long LastSnapshot, ChangePosition Position, ChangeTokenProblem? Problem = null)
{
    /// <summary>The most quota readings of a page.</summary>
    public const int MostSnapshots = 1000;

    /// <summary>Events that come after this page; a few ids may never have been used.</summary>
    public long Behind => Position.EventId - Changes.Next.Position.EventId;

    /// <summary>Reads the next page.</summary>
    /// <param name="store">The store.</param>
    /// <param name="after">Where the last one ended; NULL: at the beginning.</param>
    /// <param name="afterSnapshot">The last quota reading that was pushed.</param>
    /// <param name="limit">The most changes of the page.</param>
    /// <param name="batch">Holds the events of it afterwards, and no others.</param>
    public static StorePage Read(StoreReader store, ChangeToken? after, long afterSnapshot, int limit, EventBatch batch)
    {
        batch.Clear();
        using var feed = store.OpenChanges();
        try
        {
            var changes = feed.Read(after, limit, batch);
            var (snapshots, last) = ReadSnapshots(store, afterSnapshot);

            return new StorePage(changes, snapshots, last, store.ReadPosition());
        }
        catch (InvalidChangeTokenException e)
        {
            return new StorePage(feed.Read(after: null, 1, batch), new RowBlock(FleetColumns.Snapshots), afterSnapshot, store.ReadPosition(), e.Problem);
        }
    }

    static (RowBlock Rows, long Last) ReadSnapshots(StoreReader store, long after)
    {
        var (block, last) = (new RowBlock(FleetColumns.Snapshots), after);
        using var rows = store.ReadSnapshotsAfter(after);
        while (block.Count < MostSnapshots && rows.Next())
        {
            block.Begin();
            for (var i = 0; i < block.Columns.Count; i++)
            {
                block.Add(block.Columns[i], rows[i]);
            }

            block.End();
            last = rows[0].Integer;
        }

        return (block, last);
    }
}
