using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenGovernance.Sqlite;

/// <summary>A database opened so that no byte of it, or of a file beside it, is written, made or removed.</summary>
/// <remarks>
///     A plain read-only connection makes `-wal` and `-shm` where a database in WAL mode was closed, and fails where it may not. So:
///     <list type="bullet">
///         <item>Without a WAL, or with an empty one, all is in the database: `immutable`.</item>
///         <item>With a WAL and its index: the index is only read (`readonly_shm`). A process that writes is seen and its locks are
///         kept; where none is, SQLite makes an index of its own in memory.</item>
///         <item>With a WAL without index, as a copy or a crash leaves it: an index in memory, without locks.</item>
///         <item>A database that has no WAL by its header is read with its locks: that makes no files.</item>
///     </list>
///     Without locks a look afterwards tells whether somebody wrote meanwhile: <see cref="IsStillValid" />.
/// </remarks>
sealed class ReadOnlyDatabase : IDisposable
{
    const int WalVersion = 2, HeaderSize = 20, WriteVersionAt = 18;
    const int NoCheckpointOnClose = 1006;

    readonly string _path;
    readonly Stamp? _stamp;

    ReadOnlyDatabase(string path, SqliteConnection connection, Stamp? stamp)
    {
        _path = path;
        _stamp = stamp;
        Connection = connection;
    }

    public SqliteConnection Connection { get; }

    /// <param name="path">Full path of a file that is there.</param>
    /// <param name="busyTimeout">How long to wait for a lock.</param>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ReadOnlyDatabase Open(string path, TimeSpan busyTimeout)
    {
        var stamp = Stamp.Of(path);
        if (!IsLogged(path, stamp) && !HasWal(path))
        {
            return new ReadOnlyDatabase(path, Connect(Uri(path, ""), busyTimeout), stamp: null);
        }

        if (stamp.WalSize is null or 0)
        {
            return new ReadOnlyDatabase(path, Connect(Uri(path, "immutable=1"), busyTimeout), stamp);
        }

        if (File.Exists($"{path}-shm"))
        {
            try
            {
                return new ReadOnlyDatabase(path, Connect(Uri(path, "readonly_shm=1"), busyTimeout), stamp: null);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
            {
                // It was removed meanwhile, or may not be read.
            }
        }

        return new ReadOnlyDatabase(path, ConnectWithoutLocks(path, busyTimeout), stamp);
    }

    /// <summary>True if all that was read until now is of one state of the database.</summary>
    public bool IsStillValid() => _stamp is not { } stamp || stamp == Stamp.Of(_path);

    public void Dispose() => Connection.Dispose();

    /// <summary>True where the files beside a database show that it has a WAL, as they do while a connection of this process writes it.</summary>
    /// <remarks>
    ///     Then the header must not be looked at: on Unix, closing a file takes from the whole process the locks that SQLite holds on it.
    ///     Another program that closes the database would believe to be the last and delete the WAL, and what is written to it next is lost.
    /// </remarks>
    static bool IsLogged(string path, Stamp stamp) => stamp.WalSize is not null && File.Exists($"{path}-shm") && !File.Exists($"{path}-journal");

    static bool HasWal(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

        return file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) == HeaderSize && header[WriteVersionAt] == WalVersion;
    }

    static SqliteConnection ConnectWithoutLocks(string path, TimeSpan busyTimeout)
    {
        var vfs = OperatingSystem.IsWindows() ? "win32-none" : "unix-none";

        return Connect(Uri(path, $"vfs={vfs}"), busyTimeout, connection =>
        {
            // Exclusive: only then is the index of the WAL kept in memory.
            connection.Execute("PRAGMA locking_mode = EXCLUSIVE");
            _ = raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _);
        });
    }

    /// <summary>Opens a database and reads its schema: errors of opening show only then.</summary>
    static SqliteConnection Connect(string uri, TimeSpan busyTimeout, Action<SqliteConnection>? prepare = null)
    {
        var connection = SqliteLibrary.NewConnection(new SqliteConnectionStringBuilder
        {
            DataSource = uri,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        });
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);
            prepare?.Invoke(connection);
            connection.QueryInt("SELECT count(*) FROM sqlite_schema");

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }

    static string Uri(string path, string options)
    {
        var uri = new StringBuilder(OperatingSystem.IsWindows() ? "file:///" : "file:");
        foreach (var c in OperatingSystem.IsWindows() ? path.Replace('\\', '/') : path)
        {
            uri.Append(c is '%' or '?' or '#' ? $"%{(int)c:X2}" : c);
        }

        return uri.Append('?').Append(options).ToString();
    }

    /// <summary>What the file system says of a database and its WAL; NULL sizes are files that are not there.</summary>
    readonly record struct Stamp(long? Size, DateTime Written, long? WalSize, DateTime WalWritten)
    {
        public static Stamp Of(string path)
        {
            var (file, wal) = (new FileInfo(path), new FileInfo($"{path}-wal"));

            return new Stamp(
                file.Exists ? file.Length : null, file.LastWriteTimeUtc, wal.Exists ? wal.Length : null, wal.LastWriteTimeUtc);
        }
    }
}
