using System.Data;
using System.Diagnostics;
using Npgsql;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>Pushes what the store's change feed tells since the last time, batch by batch.</summary>
/// <remarks>
///     Each batch is one transaction of the fleet's database, and so is the token that says how far the node is: a batch whose
///     answer was lost is either there with its token, or not at all. The token is read there each time. So a database that was put back to
///     an earlier state simply asks again, and two that push for one node wait for each other.
/// </remarks>
/// <param name="plan">What is pushed.</param>
/// <param name="read">Reads the store.</param>
sealed class FleetPush(FleetPlan plan, ReadStore read)
{
    /// <summary>The most changes of a batch: what it needs of memory follows from it.</summary>
    public const int MostRows = 2_000;

    const int MaxTries = 8;

    readonly PushResult _result = new();
    SchemaRow _schema = new(0, false, null, 0);
    EventBatch _batch = new(plan.AllColumns, detachedBefore: null);
    HashSet<DateTime> _months = [];
    bool _mayMakePartitions = true;
    string? _takeOver = plan.TakeOver;

    /// <summary>What went wrong before, to be noted with the next batch.</summary>
    public (string Text, DateTime At)? LastError { get; init; }

    /// <summary>The most changes of a batch.</summary>
    public int BatchRows { get; init; } = MostRows;

    /// <summary>Up to how many rows of a batch are parameters instead of a copy.</summary>
    public int FewRows { get; init; } = BatchMerge.FewRows;

    /// <summary>Pushes all there is.</summary>
    public async Task<PushResult> RunAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        _schema = await SchemaRow.ReadAsync(connection, stop);
        if (_schema.Advice is { } advice)
        {
            Note(advice);
        }

        _batch = new EventBatch(plan.AllColumns, _schema.DetachedBefore);
        if (_schema.ByMonth)
        {
            _months = await Partitions.ReadMonthsAsync(connection, stop);
        }

        while (await TryBatchAsync(connection, stop))
        {
        }

        return _result;
    }

    /// <summary>One batch; again if others were in the way. False if there is no more.</summary>
    async Task<bool> TryBatchAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await PushBatchAsync(connection, stop);
            }
            catch (PostgresException e) when (attempt < MaxTries && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Nothing of it was done. Whoever was in the way is done a moment later.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 20 << attempt)), stop);
            }
        }
    }

    async Task<bool> PushBatchAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, stop);
        var nodes = new NodeTable(connection);
        var (node, page) = await FindAsync(nodes, stop);
        if (_schema.ByMonth && _mayMakePartitions && _batch.MonthsWithout(_months).ToList() is { Count: > 0 } missing)
        {
            await transaction.RollbackAsync(stop);
            await MakePartitionsAsync(connection, missing, stop);

            return true;
        }

        var done = await new BatchMerge(connection, node, FewRows).RunAsync(_batch, page.Snapshots, stop);
        var hasMore = page.Changes.HasMore || page.Snapshots.Count == StorePage.MostSnapshots;
        if (node.IsResyncing && !hasMore && !node.KeepsUntold)
        {
            done.SetAside = await new UntoldRows(connection, node).SetAsideAsync(_batch.Oldest, stop);
        }

        await nodes.NoteAsync(
            node,
            new BatchNote(page.Changes.Next.ToString(), page.LastSnapshot, page.Behind, _batch.PassedOver, _batch.Oldest, node.IsResyncing && hasMore, plan.Version, LastError?.Text, LastError?.At),
            stop);
        FailPoint.Reach(FailPoint.FleetBeforeCommit);
        await transaction.CommitAsync(stop);
        FailPoint.Reach(FailPoint.FleetAfterCommit);
        Add(done, page);

        return hasMore;
    }

    /// <summary>The node and what it has to push, whoever it was until now; the events are in <see cref="_batch" />.</summary>
    async Task<(FleetNode Node, StorePage Page)> FindAsync(NodeTable nodes, CancellationToken stop)
    {
        if (_takeOver is { } former)
        {
            if (!await nodes.TakeOverAsync(former, plan.Name, ReadStoreId(), stop))
            {
                throw new UserFacingException($"There is no node '{former}' in the fleet's database. 'token-governance fleet status' shows which there are.");
            }
        }

        var node = await nodes.LockAsync(plan.Name, stop);
        if (node is null)
        {
            await nodes.AddAsync(plan.Name, ReadStoreId(), plan.AllColumns, stop);
            node = await nodes.LockAsync(plan.Name, stop) ?? throw new UnreachableException();
            foreach (var twin in await nodes.FindTwinsAsync(node, stop))
            {
                Note($"the same store, or a copy of it, was pushed as '{twin}' too: what both have is counted once. If this machine was renamed, run 'token-governance fleet push --take-over {twin}' instead of keeping both");
            }
        }

        var page = ReadPage(ChangeToken.TryParse(node.Token, out var token) ? token : null, node.SnapshotId);
        if (NodeTable.StoreIdOf(page.Changes.Next.Store) != node.StoreId)
        {
            throw new UserFacingException(
                $"The name '{plan.Name}' is taken by another store in the fleet's database. Give this node another name in [fleet] of the configuration; or, if that store is gone for good and this one takes its place, run 'token-governance fleet push --take-over {plan.Name}' once.");
        }

        if (page.Problem is not null)
        {
            node = await RestartAsync(nodes, node, stop);

            return (node, ReadPage(token: null, node.SnapshotId));
        }

        if (node.AllColumns != plan.AllColumns)
        {
            Note($"columns = \"{(plan.AllColumns ? "all" : "no-peer-ids")}\" is new: all events of this node are pushed again");
            node = await nodes.RestartAsync(node, isOtherHistory: false, plan.AllColumns, stop);

            return (node, ReadPage(token: null, node.SnapshotId));
        }

        return (node, page);
    }

    /// <summary>The store does not know what it pushed last: a backup was put back, or a copy of it pushes as this node.</summary>
    async Task<FleetNode> RestartAsync(NodeTable nodes, FleetNode node, CancellationToken stop)
    {
        if (ChangeToken.TryParse(node.FormerToken, out var former) && ReadPage(former, node.SnapshotId, limit: 1).Problem is null)
        {
            throw new UserFacingException(
                $"Two stores push as node '{node.Name}': copies of each other that went different ways, as when a machine was cloned. Give one of them another name in [fleet] of its configuration, then run 'token-governance fleet push --take-over {node.Name}' once at the other. Nothing is lost.");
        }

        Note("an older copy of the store was put in its place: all its events are pushed again; what the fleet has and the store no longer has is set aside");

        return await nodes.RestartAsync(node, isOtherHistory: true, plan.AllColumns, stop);
    }

    async Task MakePartitionsAsync(NpgsqlConnection connection, List<DateTime> missing, CancellationToken stop)
    {
        try
        {
            await Partitions.MakeAsync(connection, missing, stop);
            _months = await Partitions.ReadMonthsAsync(connection, stop);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            _mayMakePartitions = false;
            Note($"this user may not make partitions, so {string.Join(", ", missing.Select(Partitions.TextOf))} goes to the default one. Let their owner run 'token-governance fleet partitions make-ahead'");
        }
    }

    string ReadStoreId() => NodeTable.StoreIdOf(ReadPage(token: null, afterSnapshot: 0, limit: 1).Changes.Next.Store);

    StorePage ReadPage(ChangeToken? token, long afterSnapshot, int? limit = null) => read(store => StorePage.Read(store, token, afterSnapshot, limit ?? BatchRows, _batch));

    void Note(string text)
    {
        if (!_result.Notes.Contains(text))
        {
            _result.Notes.Add(text);
        }
    }

    void Add(MergeResult done, StorePage page)
    {
        _takeOver = null;
        _result.Told += page.Changes.Count;
        _result.Added += done.Added;
        _result.Changed += done.Changed;
        _result.Shared += done.Shared;
        _result.Removed += done.Removed;
        _result.SetAside += done.SetAside;
        _result.Snapshots += page.Snapshots.Count;
        _result.PassedOver += _batch.PassedOver;
        _result.Behind = page.Behind;
        _result.Position = (page.Position.EventId, page.Position.Change);
        _result.SnapshotId = page.LastSnapshot;
    }
}
