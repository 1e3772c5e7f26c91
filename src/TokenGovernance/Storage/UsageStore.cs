using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Metrics;
using TokenGovernance.Storage.Quotas;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage;

/// <summary>The one SQLite file we own: everything collected, and how far each source has been read.</summary>
sealed class UsageStore : IDisposable
{
    /// <summary>How long a daemon waits for another writer: short, so that it can always be stopped in time; it tries again.</summary>
    static readonly TimeSpan DaemonBusyTimeout = TimeSpan.FromSeconds(1);

    static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(30);

    readonly TimeProvider _time;
    readonly TimeSpan _busyTimeout;
    readonly WriterEpoch _epoch = new();
    readonly Lock _readerLock = new();
    SqliteConnection _connection;
    SqliteConnection? _reader;
    FirstFill? _fill;
    bool _isDisposed;
    BatchWriter? _writer;
    long _dataVersion;

    UsageStore(SqliteConnection connection, string path, TimeProvider time, TimeSpan busyTimeout)
    {
        _connection = connection;
        _time = time;
        _busyTimeout = busyTimeout;
        Path = path;
    }

    UsageStore(FirstFill fill, string path, TimeProvider time, TimeSpan busyTimeout)
        : this(fill.Connection, path, time, busyTimeout) => _fill = fill;

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What became of the rows, if opening it upgraded a database of the Python original; the user must be told.</summary>
    public LegacyImportReport? Adoption { get; private init; }

    /// <summary>True while it is filled for the first time: nobody else sees it yet, and only batches can be stored. Ends with <see cref="EndFill" />.</summary>
    public bool IsFilling => _fill is not null;

    /// <summary>Is told when the store has appeared under its name: after the first filling, which also ends by itself after a while.</summary>
    public Action? Appeared { get; set; }

    internal SqliteConnection Connection => _connection;

    /// <summary>Opens a store, made if it is missing and upgraded if it is older.</summary>
    /// <param name="path">Its file; its folder is made too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busyTimeout">How long to wait for another writer.</param>
    /// <param name="upgrading">Is told of an upgrade while it lasts.</param>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore Open(
        string path, TimeProvider? time = null, TimeSpan? busyTimeout = null, Action<UpgradeProgress>? upgrading = null)
    {
        StoreFile.MakeFolder(path);

        return OpenOrMake(path, Missing.IsMade, time ?? TimeProvider.System, busyTimeout ?? DefaultBusyTimeout, upgrading);
    }

    /// <summary>As <see cref="Open" />, but one that is missing is filled first, and appears with what is in it: see <see cref="IsFilling" />.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore OpenOrFill(string path, TimeProvider time, Action<UpgradeProgress>? upgrading)
    {
        StoreFile.MakeFolder(path);

        return OpenOrMake(path, Missing.IsFilled, time, DefaultBusyTimeout, upgrading);
    }

    /// <summary>As <see cref="Open" />, for a daemon: its folder must be there, and locks are not waited for long.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="mayFill">One that is missing is filled first, as in <see cref="OpenOrFill" />.</param>
    /// <param name="upgrading">Is told of an upgrade while it lasts.</param>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore OpenInFolder(string path, TimeProvider time, bool mayFill = false, Action<UpgradeProgress>? upgrading = null) =>
        OpenOrMake(path, mayFill ? Missing.IsFilled : Missing.IsMade, time, DaemonBusyTimeout, upgrading);

    /// <summary>As <see cref="Open" />, for a user who asks for a store: an empty file becomes one.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore Initialise(string path, Action<UpgradeProgress>? upgrading = null)
    {
        StoreFile.MakeFolder(path);

        // In its place, and so under SQLite's locks: of two that do this at once, the second finds the first one's store.
        return StoreFile.IsEmpty(path)
            ? OpenFile(path, TimeProvider.System, DefaultBusyTimeout, upgrading)
            : OpenOrMake(path, Missing.IsMade, TimeProvider.System, DefaultBusyTimeout, upgrading);
    }

    /// <summary>Returns all checkpoints by key.</summary>
    public Dictionary<string, string> ReadCheckpoints() => StoreFailure.Translate(Path, () => CheckpointTable.Read(_connection));

    /// <summary>Stores batches and moves their checkpoints in one transaction: all or nothing.</summary>
    /// <returns>What was new. Of events stored already only attribution improves.</returns>
    /// <exception cref="UserFacingException">The store cannot be written; nothing of the batches is in it. One that was being filled is given up.</exception>
    /// <exception cref="StoreExistsException">As of <see cref="EndFill" />.</exception>
    public AppendResult Append(params IEnumerable<Batch> batches)
    {
        if (_fill is not null)
        {
            return Fill(_fill, batches);
        }

        try
        {
            return Write(batches);
        }
        catch (SqliteException e)
        {
            throw StoreFailure.Explain(Path, e);
        }
    }

    /// <summary>Takes what names a person or a group out of the keys of sessions, and lets it be stored no more.</summary>
    /// <param name="text">A key, or the id of a person or a group.</param>
    /// <param name="isPeer">It is an id.</param>
    /// <param name="isDry">Only finds it.</param>
    /// <exception cref="UserFacingException">The store cannot be written; nothing was changed.</exception>
    public ForgottenRows Forget(string text, bool isPeer, bool isDry) => StoreFailure.Translate(Path, () =>
    {
        var found = default(ForgottenRows);
        var forgotten = new ForgottenKeys(_connection);

        // What a changed row leaves behind is overwritten. What SQLite moved earlier may have left a copy elsewhere: that goes when the file is compacted.
        _connection.Execute("PRAGMA secure_delete = ON");
        if (isDry)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            forgotten.Add(text, isPeer, nowMs: 0);
            found = Forgetting.Run(_connection, forgotten);

            return found;
        }

        Write([], _ =>
        {
            forgotten.Add(text, isPeer, _time.GetUtcNow().ToUnixTimeMilliseconds());
            found = Forgetting.Run(_connection, forgotten);
        });
        _writer?.Clear();
        EmptyLog();

        return found;
    });

    /// <summary>Ends the first filling: what was stored is in the store now, whatever happens.</summary>
    /// <exception cref="StoreExistsException">Another process has made the store meanwhile. This one is of no further use, and nothing of it is stored.</exception>
    /// <exception cref="UserFacingException">There is no store: the message says why.</exception>
    public void EndFill()
    {
        if (_fill is not { } fill)
        {
            return;
        }

        StoreFailure.TranslateFilling(Path, () =>
        {
            _writer?.Dispose();
            _writer = null;
            fill.End();

            return true;
        });
        _connection = StoreFailure.Translate(Path, () => StoreConnection.OpenWriter(Path, _time, _busyTimeout, upgrading: null).Connection);
        _fill = null;
        Appeared?.Invoke();
    }

    /// <summary>Stores quota snapshots in a short transaction of their own: all or nothing.</summary>
    /// <param name="snapshots">Readings, in any order.</param>
    /// <param name="keepUnchanged">One that repeats the last of its kind is stored only once this much time has passed.</param>
    /// <returns>How many were stored.</returns>
    /// <exception cref="UserFacingException">The store cannot be written; nothing of the snapshots is in it.</exception>
    public int Append(IReadOnlyCollection<QuotaSnapshot> snapshots, TimeSpan keepUnchanged) => snapshots.Count == 0 ? 0 : StoreFailure.Translate(Path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        using var table = new SnapshotTable(_connection);
        var stored = snapshots.Count(snapshot => table.Append(snapshot, keepUnchanged));
        transaction.Commit();

        return stored;
    });

    /// <summary>Reads and changes alerts in a short transaction: all or nothing.</summary>
    /// <exception cref="UserFacingException">The store cannot be written; nothing was changed.</exception>
    public T ChangeAlerts<T>(Func<AlertTable, T> change) => StoreFailure.Translate(Path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var result = change(new AlertTable(_connection));
        FailPoint.Reach(FailPoint.AlertBeforeCommit);
        transaction.Commit();

        return result;
    });

    /// <summary>Reads something, all of one moment, on any thread: on a connection of its own.</summary>
    /// <exception cref="UserFacingException">The store cannot be read.</exception>
    public T Read<T>(Func<StoreReader, T> read) => StoreFailure.Translate(Path, () =>
    {
        lock (_readerLock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _reader ??= OpenReader();
            using var snapshot = _reader.BeginTransaction(deferred: true);

            return read(new StoreReader(_reader, Path));
        }
    });

    /// <summary>Adds events to the counters of metrics, in a short transaction, once they are as old as it takes to know them well.</summary>
    /// <param name="settles">How long that takes.</param>
    /// <param name="most">How many at most; the first time all there are.</param>
    /// <returns>When to call again, in ms since 1970; NULL: when there are new events.</returns>
    /// <exception cref="UserFacingException">The store cannot be written; nothing was changed.</exception>
    public long? CountForMetrics(TimeSpan settles, int most) => StoreFailure.Translate(Path, () =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        using var counters = new MetricCounters(_connection);
        var again = counters.Count(nowMs - (long)settles.TotalMilliseconds, nowMs, most);
        transaction.Commit();

        return again;
    });

    /// <summary>Notes for metrics what a pass could not read.</summary>
    public void NoteForMetrics(int failedSources, long badLines) => StoreFailure.Translate(Path, () =>
    {
        using var update = _connection.Prepare("UPDATE metric_state SET failed_sources = $p0, bad_lines = bad_lines + $p1");

        return update.With(failedSources, badLines).ExecuteNonQuery();
    });

    /// <summary>Notes that a pass ended now.</summary>
    public void NoteLastPass() =>
        Append(new Batch { Checkpoints = [new Checkpoint(CheckpointTable.LastPass, UtcTime.Format(_time.GetUtcNow()))] });

    /// <summary>Moves all that is in the write-ahead log into the file, and empties the log.</summary>
    /// <remarks>For a file that another one has taken the place of: SQLite would take its log for that of the new one.</remarks>
    public void EmptyLog() => StoreFailure.Translate(Path, () => _connection.QueryInt("PRAGMA wal_checkpoint(TRUNCATE)"));

    /// <summary>Forgets what can be read again: rows of sessions, pages of the file.</summary>
    public void ReleaseMemory() => StoreFailure.Translate(Path, () =>
    {
        _writer?.Clear();
        _connection.Execute("PRAGMA shrink_memory");
        lock (_readerLock)
        {
            _reader?.Execute("PRAGMA shrink_memory");
        }

        return true;
    });

    public void Dispose()
    {
        lock (_readerLock)
        {
            _isDisposed = true;
            _reader?.Dispose();
        }

        _writer?.Dispose();
        _connection.Dispose();
        _fill?.Dispose();
    }

    SqliteConnection OpenReader() =>
        _fill is null ? StoreConnection.OpenReader(Path, _busyTimeout) : throw new InvalidOperationException("nobody reads a store that is being filled");

    /// <summary>Stores batches in the one transaction of the first filling.</summary>
    AppendResult Fill(FirstFill fill, IEnumerable<Batch> batches)
    {
        var result = StoreFailure.TranslateFilling(Path, () =>
        {
            try
            {
                _writer ??= new BatchWriter(_connection);
                var written = new AppendResult();
                Write(_writer, batches, written);
                FailPoint.Reach(FailPoint.FillAfterAppend);

                return written;
            }
            catch
            {
                fill.Break();

                throw;
            }
        });
        if (fill.IsDue)
        {
            EndFill();
        }

        return result;
    }

    AppendResult Write(IEnumerable<Batch> batches, Action<BatchWriter>? first = null)
    {
        _writer ??= new BatchWriter(_connection);
        var result = new AppendResult();

        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            ForgetIfOthersWrote();
            Write(_writer, batches, result, first);
            FailPoint.Reach(FailPoint.AppendBeforeCommit);
            _connection.Execute("COMMIT");
            _epoch.Confirm();
            FailPoint.Reach(FailPoint.AppendAfterCommit);

            return result;
        }
        catch
        {
            RollBack();

            throw;
        }
    }

    void Write(BatchWriter writer, IEnumerable<Batch> batches, AppendResult result, Action<BatchWriter>? first = null)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _epoch.Enter(_connection);
        first?.Invoke(writer);
        foreach (var batch in batches)
        {
            writer.Write(batch, nowMs, result);
        }

        writer.Flush();
        _epoch.Leave(_connection);
    }

    static UsageStore OpenOrMake(string path, Missing missing, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading)
    {
        path = System.IO.Path.GetFullPath(path);

        return StoreFailure.Translate(path, () =>
        {
            if (StoreFile.BeginIfMissing(path) is { } file)
            {
                if (missing is Missing.IsFilled)
                {
                    return StoreFailure.TranslateFilling(path, () => new UsageStore(FirstFill.Begin(file, time), path, time, busyTimeout));
                }

                FirstFill.MakeEmpty(file, time);
            }

            StoreFile.RequireContent(path);

            return OpenFile(path, time, busyTimeout, upgrading);
        });
    }

    static UsageStore OpenFile(string path, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading) => StoreFailure.Translate(path, () =>
    {
        var (connection, adoption) = StoreConnection.OpenWriter(path, time, busyTimeout, upgrading);
        try
        {
            var store = new UsageStore(connection, path, time, busyTimeout) { Adoption = adoption };
            if (NamelessEvents.AreUnsettled(connection))
            {
                store.Write([], writer => writer.SettleNameless());
            }

            return store;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    });

    /// <summary>Another process beside this one may have learned more about the sessions that are cached here.</summary>
    void ForgetIfOthersWrote()
    {
        var version = _connection.QueryInt("PRAGMA data_version");
        if (version != _dataVersion)
        {
            _writer!.Clear();
            _dataVersion = version;
        }
    }

    void RollBack()
    {
        _writer!.Clear();
        try
        {
            _connection.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself where it must, on a full disk for one; then there is nothing left to roll back.
        }
    }

    /// <summary>What becomes of a store that is not there.</summary>
    enum Missing
    {
        /// <summary>It is made, with nothing in it.</summary>
        IsMade,

        /// <summary>It is filled first.</summary>
        IsFilled,
    }
}
