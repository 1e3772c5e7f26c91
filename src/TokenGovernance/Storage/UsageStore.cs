using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Metrics;
using TokenGovernance.Storage.Quotas;

namespace TokenGovernance.Storage;

/// <summary>The one SQLite file we own: everything collected, and how far each source has been read.</summary>
sealed class UsageStore : IDisposable
{
    /// <summary>How long a daemon waits for another writer: short, so that it can always be stopped in time; it tries again.</summary>
    static readonly TimeSpan DaemonBusyTimeout = TimeSpan.FromSeconds(1);

    static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(30);

    readonly SqliteConnection _connection;
    readonly TimeProvider _time;
    readonly TimeSpan _busyTimeout;
    readonly WriterEpoch _epoch = new();
    readonly Lock _readerLock = new();
    SqliteConnection? _reader;
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

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What became of the rows, if opening it upgraded a database of the Python original; the user must be told.</summary>
    public LegacyImportReport? Adoption { get; private init; }

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

        return OpenOrMake(path, replaceEmpty: false, time ?? TimeProvider.System, busyTimeout ?? DefaultBusyTimeout, upgrading);
    }

    /// <summary>As <see cref="Open" />, for a daemon: its folder must be there, and locks are not waited for long.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore OpenInFolder(string path, TimeProvider time, Action<UpgradeProgress>? upgrading = null) =>
        OpenOrMake(path, replaceEmpty: false, time, DaemonBusyTimeout, upgrading);

    /// <summary>As <see cref="Open" />, for a user who asks for a store: an empty file becomes one.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore Initialise(string path, Action<UpgradeProgress>? upgrading = null)
    {
        StoreFile.MakeFolder(path);

        return OpenOrMake(path, replaceEmpty: true, TimeProvider.System, DefaultBusyTimeout, upgrading);
    }

    /// <summary>Returns all checkpoints by key.</summary>
    public Dictionary<string, string> ReadCheckpoints() => StoreFailure.Translate(Path, () => CheckpointTable.Read(_connection));

    /// <summary>Stores batches and moves their checkpoints in one transaction: all or nothing.</summary>
    /// <returns>What was new. Of events stored already only attribution improves.</returns>
    /// <exception cref="UserFacingException">The store cannot be written; nothing of the batches is in it.</exception>
    public AppendResult Append(params IEnumerable<Batch> batches)
    {
        try
        {
            return Write(batches);
        }
        catch (SqliteException e)
        {
            throw StoreFailure.Explain(Path, e);
        }
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
    }

    SqliteConnection OpenReader()
    {
        var connection = SqliteLibrary.NewConnection(
            new SqliteConnectionStringBuilder { DataSource = Path, Mode = SqliteOpenMode.ReadOnly, Pooling = false });
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, (int)_busyTimeout.TotalMilliseconds);

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }

    AppendResult Write(IEnumerable<Batch> batches, Action<BatchWriter>? first = null)
    {
        _writer ??= new BatchWriter(_connection);
        var result = new AppendResult();
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();

        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            ForgetIfOthersWrote();
            _epoch.Enter(_connection);
            first?.Invoke(_writer);
            foreach (var batch in batches)
            {
                _writer.Write(batch, nowMs, result);
            }

            _writer.Flush();

            _epoch.Leave(_connection);
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

    static UsageStore OpenOrMake(string path, bool replaceEmpty, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading)
    {
        path = System.IO.Path.GetFullPath(path);

        return StoreFailure.Translate(path, () =>
        {
            StoreFile.MakeIfMissing(path, replaceEmpty, temporary => Connect(temporary, time, busyTimeout, upgrading: null).Dispose());

            return OpenFile(path, time, busyTimeout, upgrading);
        });
    }

    static UsageStore OpenFile(string path, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading) => StoreFailure.Translate(path, () =>
    {
        StoreFile.RequireContent(path);

        return FileOwners.GiveToOwner(() => Connect(path, time, busyTimeout, upgrading));
    });

    static UsageStore Connect(string path, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading)
    {
        var connection = SqliteLibrary.NewConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = (int)busyTimeout.TotalSeconds,
            });
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);

            // Before the journal mode, which is written into the file.
            Schema.Verify(connection, path);
            connection.Execute($"""
                PRAGMA page_size = {StoreSpace.PageSize};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA cache_size = -8192;
                PRAGMA journal_size_limit = 16777216;
                """);
            var adoption = Schema.Migrate(connection, path, time, upgrading);

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
    }

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
}
