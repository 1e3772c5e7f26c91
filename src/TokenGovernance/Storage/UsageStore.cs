using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Model;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Adoption;

namespace TokenGovernance.Storage;

/// <summary>The one SQLite file we own: everything collected, and how far each source has been read.</summary>
sealed class UsageStore : IDisposable
{
    /// <summary>How long others may hold the write lock before it is a failure.</summary>
    internal const int BusyTimeoutMs = 30_000;


    readonly SqliteConnection _connection;
    readonly TimeProvider _time;
    BatchWriter? _writer;
    long _dataVersion;

    UsageStore(SqliteConnection connection, string path, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        Path = path;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>What became of the rows, if opening it upgraded a database of the Python original; the user must be told.</summary>
    public AdoptionReport? Adoption { get; private init; }

    internal SqliteConnection Connection => _connection;

    /// <summary>Opens a store, made if it is missing and upgraded if it is older.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore Open(string path, TimeProvider? time = null) => OpenOrMake(path, replaceEmpty: false, time);

    /// <summary>As <see cref="Open" />, for a user who asks for a store: an empty file becomes one.</summary>
    /// <exception cref="UserFacingException">The file cannot be used; the message says why.</exception>
    public static UsageStore Initialise(string path) => OpenOrMake(path, replaceEmpty: true, time: null);

    /// <summary>Opens a store that must be there.</summary>
    /// <exception cref="UserFacingException">There is none, or it cannot be used; the message says why.</exception>
    public static UsageStore OpenExisting(string path, TimeProvider? time = null)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(path))
        {
            throw new UserFacingException(
                $"There is no store at {path}. Make one with 'token-governance init --db {path}', or name another with --db.");
        }

        return OpenFile(path, time ?? TimeProvider.System);
    }

    /// <summary>Returns all checkpoints by key.</summary>
    public Dictionary<string, string> ReadCheckpoints()
    {
        var checkpoints = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM collector_state";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            checkpoints[reader.GetString(0)] = reader.GetString(1);
        }

        return checkpoints;
    }

    /// <summary>Stores batches and moves their checkpoints in one transaction: all or nothing.</summary>
    /// <returns>What was new. Of events stored already only attribution improves.</returns>
    public AppendResult Append(params IEnumerable<Batch> batches)
    {
        _writer ??= new BatchWriter(_connection);
        var result = new AppendResult();
        var now = UtcTime.Format(_time.GetUtcNow());

        StoreFile.RequireInPlace(_connection, Path);
        _connection.Execute("BEGIN IMMEDIATE");
        try
        {
            ForgetIfOthersWrote();
            foreach (var batch in batches)
            {
                _writer.Write(batch, now, result);
            }

            _connection.Execute("COMMIT");

            return result;
        }
        catch
        {
            RollBack();

            throw;
        }
    }

    /// <summary>Until the result is disposed, all reads show the store as it is now.</summary>
    public IDisposable BeginSnapshot() => _connection.BeginTransaction(deferred: true);

    /// <summary>Returns the rows of a table in the order they came, all columns.</summary>
    /// <param name="table">`usage_events`, by the start of the call, or `provider_usage_snapshots`.</param>
    /// <param name="range">Which rows.</param>
    public SqliteRows ReadTable(string table, TimeRange range)
    {
        var time = table switch
        {
            "usage_events" => "coalesce(started_ts, event_ts)",
            "provider_usage_snapshots" => "snapshot_ts",
            _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no such table"),
        };
        var from = range.FromMs is { } fromMs ? $" AND {time} >= '{UtcTime.Format(fromMs)}'" : "";
        var before = range.BeforeMs is { } beforeMs ? $" AND {time} < '{UtcTime.Format(beforeMs)}'" : "";

        return new SqliteRows(_connection, $"SELECT * FROM {table} WHERE 1{from}{before} ORDER BY id");
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _connection.Dispose();
    }

    static UsageStore OpenOrMake(string path, bool replaceEmpty, TimeProvider? time)
    {
        path = System.IO.Path.GetFullPath(path);
        time ??= TimeProvider.System;

        return StoreFault.Translate(path, () =>
        {
            StoreFile.MakeIfMissing(path, replaceEmpty, temporary => Connect(temporary, time).Dispose());

            return OpenFile(path, time);
        });
    }

    static UsageStore OpenFile(string path, TimeProvider time) => StoreFault.Translate(path, () =>
    {
        StoreFile.RequireContent(path);

        return Connect(path, time);
    });

    static UsageStore Connect(string path, TimeProvider time)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMs);
            Schema.Check(connection, path);
            connection.Execute("""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA cache_size = -32768;
                PRAGMA journal_size_limit = 16777216;
                """);
            var adoption = Schema.Migrate(connection, path, time);

            return new UsageStore(connection, path, time) { Adoption = adoption };
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
