using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage;

/// <summary>Connections to the store's file.</summary>
static class StoreConnection
{
    /// <summary>Opens a store for writing, and upgrades it if it is older.</summary>
    /// <param name="path">The store, made already.</param>
    /// <param name="time">The clock.</param>
    /// <param name="busyTimeout">How long to wait for another writer.</param>
    /// <param name="upgrading">Is told of an upgrade while it lasts.</param>
    public static (SqliteConnection Connection, LegacyImportReport? Adoption) OpenWriter(
        string path, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading) =>
        FileOwners.GiveToOwner(() => OpenAsOwner(path, time, busyTimeout, upgrading));

    static (SqliteConnection Connection, LegacyImportReport? Adoption) OpenAsOwner(
        string path, TimeProvider time, TimeSpan busyTimeout, Action<UpgradeProgress>? upgrading)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, busyTimeout);
        try
        {
            // Before the journal mode, which is written into the file.
            Schema.Verify(connection, path);
            connection.Execute($"""
                PRAGMA page_size = {StoreSpace.PageSize};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA cache_size = -8192;
                PRAGMA journal_size_limit = 16777216;
                """);

            return (connection, Schema.Migrate(connection, path, time, upgrading));
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }

    /// <summary>Makes a store of an empty file that nobody else knows: without syncs, and without a log.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cacheKib">Memory for pages: what fits into it is written once, at the end.</param>
    public static SqliteConnection OpenNew(string path, TimeProvider time, int cacheKib)
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, TimeSpan.Zero);
        try
        {
            connection.Execute($"""
                PRAGMA page_size = {StoreSpace.PageSize};
                PRAGMA locking_mode = EXCLUSIVE;
                PRAGMA journal_mode = MEMORY;
                PRAGMA synchronous = OFF;
                PRAGMA cache_size = -{cacheKib};
                """);
            Schema.Migrate(connection, path, time, progress: null);

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }

    /// <summary>Closes what <see cref="OpenNew" /> opened, as a file that later connections write with a log.</summary>
    public static void CloseNew(SqliteConnection connection)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Dispose();
    }

    /// <summary>Opens a store of the present version for who removes old events: without triggers.</summary>
    public static SqliteConnection OpenPruner(string path, TimeSpan busyTimeout) => FileOwners.GiveToOwner(() =>
    {
        var connection = Open(path, SqliteOpenMode.ReadWrite, busyTimeout);
        try
        {
            Schema.RequireReadable(connection, path);
            connection.Execute("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216;");
            connection.DisableTriggers();

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    });

    /// <summary>Opens a store for reading, beside its writer in the same process.</summary>
    public static SqliteConnection OpenReader(string path, TimeSpan busyTimeout) => Open(path, SqliteOpenMode.ReadOnly, busyTimeout);

    static SqliteConnection Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = SqliteLibrary.NewConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
                DefaultTimeout = (int)busyTimeout.TotalSeconds,
            });
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }
}
