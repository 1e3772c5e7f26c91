using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Metrics;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Storage.Quotas;

namespace TokenGovernance.Storage;

/// <summary>The store for who removes old events from it, beside whoever else writes: each step is one short transaction.</summary>
/// <remarks>Triggers are off on its connection: what goes by its age stays in the sums, and is no change to those who follow the store.</remarks>
sealed class PruningStore : IDisposable
{
    /// <summary>The most events of a transaction: what a collector waits for.</summary>
    public const int StepEvents = 5_000;

    const int MetricsStep = 10_000;

    readonly SqliteConnection _connection;
    readonly TimeProvider _time;

    PruningStore(SqliteConnection connection, string path, TimeProvider time)
    {
        (_connection, Path, _time) = (connection, path, time);
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens a store that must be there, and of this program's version.</summary>
    /// <exception cref="UserFacingException">It cannot be used; the message says why.</exception>
    public static PruningStore Open(string path, TimeProvider time, TimeSpan busyTimeout)
    {
        path = System.IO.Path.GetFullPath(path);
        StoreFile.RequireStore(path);

        return StoreFailure.Translate(path, () => new PruningStore(StoreConnection.OpenPruner(path, busyTimeout), path, time));
    }

    public RetentionState ReadState() => StoreFailure.Translate(Path, () => RetentionState.Read(_connection));

    /// <summary>Reads something, all of one moment; nobody waits for it.</summary>
    public T Read<T>(Func<StoreReader, T> read) => StoreFailure.Translate(Path, () =>
    {
        using var snapshot = _connection.BeginTransaction(deferred: true);

        return read(new StoreReader(_connection, Path));
    });

    /// <summary>Closes the time before a floor: from now on nobody stores an event of it.</summary>
    /// <param name="floorMs">A midnight, UTC; not before the present floor.</param>
    /// <param name="archive">Where events are written to before they go; NULL: nowhere.</param>
    public void Close(long floorMs, string? archive) => Change(() =>
    {
        using var update = _connection.Prepare(
            "UPDATE retention_state SET floor_ms = $p0, archive = $p1, is_archived = 0, closed_ms = $p2 WHERE floor_ms IS NULL OR floor_ms < $p0 OR archive IS NOT $p1");

        return update.With(floorMs, archive, _time.GetUtcNow().ToUnixTimeMilliseconds()).ExecuteNonQuery();
    });

    /// <summary>Counts for metrics what is not counted yet: it may go now.</summary>
    public void CountForMetrics() => StoreFailure.Translate(Path, () =>
    {
        while (_connection.QueryLong("SELECT last_event_id FROM metric_state") is not null && Change(() =>
        {
            using var counters = new MetricCounters(_connection);
            var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();

            return counters.Count(nowMs, nowMs, MetricsStep) is not null;
        }))
        {
        }

        return true;
    });

    /// <summary>Notes that what lies below the floor is in the archive, and was read back from it.</summary>
    public void NoteArchived() => Change(() => Update("UPDATE retention_state SET is_archived = 1"));

    /// <summary>Divides what lies below the floor into steps for <see cref="Prune" />.</summary>
    public IReadOnlyList<IReadOnlyList<PruneSpan>> FindSteps(long floorMs) =>
        StoreFailure.Translate(Path, () => PrunableDays.FindSteps(_connection, floorMs / QuarterHour.DayMs, StepEvents));

    /// <summary>Removes the events of a step in one transaction.</summary>
    /// <returns>How many went.</returns>
    public long Prune(IReadOnlyList<PruneSpan> step) => Change(() =>
    {
        using var pruner = new EventPruner(_connection);
        var removed = pruner.Prune(step);
        FailPoint.Reach(FailPoint.PruneBeforeCommit);

        return removed;
    });

    /// <summary>Removes accounts of turns whose events are gone, some in one transaction.</summary>
    /// <returns>False if none is left.</returns>
    public bool PruneAccounts(long floorMs) => Change(() =>
    {
        using var remove = _connection.Prepare("""
            DELETE FROM mirrored_rows WHERE event_key IN (
              SELECT event_key FROM mirrored_rows WHERE event_ms < $p0 AND coalesce(event_ms - call_ms, event_ms) < $p0 LIMIT $p1)
            """);

        return remove.With(floorMs, StepEvents).ExecuteNonQuery() == StepEvents;
    });

    /// <summary>Removes quota readings in one transaction.</summary>
    /// <returns>How many were still there.</returns>
    public long RemoveSnapshots(IEnumerable<long> ids) => Change(() => SurplusSnapshots.Remove(_connection, ids));

    /// <summary>Notes that all below the floor is gone.</summary>
    public void NoteApplied() => Change(() =>
    {
        using var update = _connection.Prepare("UPDATE retention_state SET applied_ms = $p0");

        return update.With(_time.GetUtcNow().ToUnixTimeMilliseconds()).ExecuteNonQuery();
    });

    /// <summary>Says for how long a daemon keeps single events; NULL: for ever.</summary>
    public void SetPolicy(string? keep, string? archive) => Change(() =>
    {
        using var update = _connection.Prepare("UPDATE retention_state SET keep = $p0, keep_archive = $p1");

        return update.With(keep, archive).ExecuteNonQuery();
    });

    /// <summary>Opens the time before the floor again, and gives up the sums of what is gone: what is read again is added up again.</summary>
    public void ClearFloor() => Change(() =>
    {
        FloorClearing.Run(_connection);

        return true;
    });

    /// <summary>Makes the file as small as what is in it, unless hardly anything in it is free: then only its log is given back.</summary>
    /// <remarks>
    ///     In its place and under SQLite's locks: whole or not at all, and whoever has the file open goes on with what it is then. A file that
    ///     took its place would leave such a one writing into the old one.
    /// </remarks>
    /// <returns>Its bytes before and after, with those of its log, and whether it was rewritten.</returns>
    /// <exception cref="UserFacingException">There is too little room, or somebody else is writing.</exception>
    public (long Before, long After, bool IsRewritten) Compact() => StoreFailure.Translate(Path, () =>
    {
        var (before, isWorthIt) = (SizeOf(Path), StoreSpace.IsWorthCompacting(_connection));
        if (isWorthIt)
        {
            StoreSpace.RequireToCompact(Path, 2 * before, StoreSpace.FreeBeside(Path));
            _connection.Execute("VACUUM");
        }

        _connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");

        return (before, SizeOf(Path), isWorthIt);
    });

    public void Dispose() => _connection.Dispose();

    static long SizeOf(string path) => new[] { path, $"{path}-wal" }.Select(file => new FileInfo(file)).Where(file => file.Exists).Sum(file => file.Length);

    int Update(string sql)
    {
        using var update = _connection.Prepare(sql);

        return update.ExecuteNonQuery();
    }

    T Change<T>(Func<T> change) => StoreFailure.Translate(Path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var result = change();
        transaction.Commit();
        FailPoint.Reach(FailPoint.PruneAfterCommit);

        return result;
    });
}
