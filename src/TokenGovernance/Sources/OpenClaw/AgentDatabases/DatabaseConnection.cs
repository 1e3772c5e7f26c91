using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>A database of OpenClaw's, opened so that nothing is written, locked or created beside it.</summary>
/// <remarks>
///     <list type="bullet">
///         <item>With a WAL and its index there: read-only, the index too, so that not even the index of a killed writer changes.</item>
///         <item>Without a WAL, or with an empty one, nobody is writing: `immutable`, and a look afterwards whether that was still true.</item>
///         <item>A WAL without index, one that may not be shared, a transaction in a journal: a private copy, gone again before it is read.</item>
///     </list>
/// </remarks>
sealed class DatabaseConnection : IDisposable
{
    const int BusyTimeoutMs = 1000;
    const int Attempts = 5;

    static readonly string[] Neighbours = ["-wal", "-shm", "-journal"];

    readonly Func<bool> _isStillValid;
    readonly string? _copyFolder;

    DatabaseConnection(SqliteConnection connection, Func<bool> isStillValid, string? copyFolder = null)
    {
        Connection = connection;
        _isStillValid = isStillValid;
        _copyFolder = copyFolder;
    }

    public SqliteConnection Connection { get; }

    /// <exception cref="SourceChangedException">It is being written, and could not be caught at rest.</exception>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static DatabaseConnection Open(string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return OpenOnce(path);
            }
            catch (SourceChangedException) when (attempt < Attempts)
            {
                // A gateway that starts or stops makes and removes the files beside its database.
            }
        }
    }

    /// <summary>True if nothing can have been written while it was taken for unchanging.</summary>
    public bool IsStillValid() => _isStillValid();

    /// <summary>Runs an action and reports what SQLite says as an <see cref="IOException" />.</summary>
    /// <exception cref="SourceChangedException">It failed, and the file was written meanwhile.</exception>
    public T Run<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw IsStillValid() ? Translate(e) : new SourceChangedException(e);
        }
    }

    /// <summary>Says in a few words what SQLite says.</summary>
    public static IOException Translate(SqliteException error) => new(Describe(error), error);

    public void Dispose()
    {
        Connection.Dispose();
        Delete(_copyFolder);
    }

    static DatabaseConnection OpenOnce(string path)
    {
        var stat = DatabaseStat.Of(path);
        if (stat.Database.Kind is not FileKind.File)
        {
            throw new IOException(stat.Database.Kind is FileKind.Missing ? "it is not there" : "it is not a regular file");
        }

        if (FindOddNeighbour(path) is { } odd)
        {
            throw new IOException($"its {odd} is not a regular file");
        }

        if (stat.Database.Size == 0)
        {
            throw new IOException("it is empty: 0 bytes");
        }

        try
        {
            return OpenAsItIs(path, stat);
        }
        catch (Exception e) when (e is SqliteException or IOException && !DatabaseStat.Of(path).IsSameContent(stat))
        {
            throw new SourceChangedException(e);
        }
        catch (SqliteException e)
        {
            throw Translate(e);
        }
    }

    static DatabaseConnection OpenAsItIs(string path, DatabaseStat stat)
    {
        // An empty WAL, as a clean stop leaves it, holds no rows; it grows when somebody writes.
        if (stat.Wal.Kind is FileKind.Missing || stat.Wal.Size == 0)
        {
            // What a journal holds undoes what was not committed: of a transaction that runs, or that a crash ended.
            return stat.IsInTransaction
                ? OpenCopy(path, stat)
                : new DatabaseConnection(
                    OpenChecked(Uri(path, "immutable=1"), SqliteOpenMode.ReadOnly), () => DatabaseStat.Of(path).IsSameContent(stat));
        }

        if (!File.Exists(path + "-shm"))
        {
            return OpenCopy(path, stat);
        }

        try
        {
            return new DatabaseConnection(OpenChecked(Uri(path, "readonly_shm=1"), SqliteOpenMode.ReadOnly), () => true);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY)
        {
            return OpenCopy(path, stat);
        }
    }

    /// <summary>Whoever opens a pipe waits for its writer; SQLite opens these by itself.</summary>
    static string? FindOddNeighbour(string path) =>
        Neighbours.FirstOrDefault(ending => FileStat.Of(path + ending).Kind is not (FileKind.Missing or FileKind.File));

    /// <summary>Opens a database and reads its schema: errors of opening show only then.</summary>
    static SqliteConnection OpenChecked(string source, SqliteOpenMode mode)
    {
        var connection = SqliteLibrary.NewConnection(new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false });
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusyTimeoutMs);
            using var command = connection.CreateCommand();
            command.CommandTimeout = 1;
            command.CommandText = "SELECT count(*) FROM sqlite_schema";
            command.ExecuteScalar();

            return connection;
        }
        catch
        {
            connection.Dispose();

            throw;
        }
    }

    static DatabaseConnection OpenCopy(string path, DatabaseStat stat)
    {
        var folder = Directory.CreateTempSubdirectory("token-governance-").FullName;
        try
        {
            var copy = Path.Combine(folder, "copy.sqlite");
            Copy(path, copy);
            foreach (var ending in Neighbours.Except(["-shm"]))
            {
                if (File.Exists(path + ending))
                {
                    Copy(path + ending, copy + ending);
                }
            }

            if (!DatabaseStat.Of(path).IsSameContent(stat))
            {
                throw new SourceChangedException();
            }

            var connection = OpenChecked(copy, SqliteOpenMode.ReadWrite);

            // Open files outlive their names on Unix: so not even a crash leaves a copy of somebody's conversations behind.
            if (!OperatingSystem.IsWindows())
            {
                Delete(folder);
            }

            return new DatabaseConnection(connection, () => true, folder);
        }
        catch
        {
            Delete(folder);

            throw;
        }
    }

    /// <summary>Copies content only: rights and times are not asked for, a pipe is not waited for.</summary>
    static void Copy(string source, string target)
    {
        using var from = SharedFile.Open(source);
        using var to = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        from.CopyTo(to);
    }

    static void Delete(string? folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static string Uri(string path, string parameter)
    {
        var uri = new StringBuilder("file:");
        if (OperatingSystem.IsWindows())
        {
            uri.Append("///");
        }

        foreach (var c in path.Replace('\\', OperatingSystem.IsWindows() ? '/' : '\\'))
        {
            uri.Append(c is '%' or '?' or '#' ? $"%{(int)c:X2}" : c);
        }

        return uri.Append('?').Append(parameter).ToString();
    }

    static string Describe(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "it is not a database",
        raw.SQLITE_CORRUPT => "it is damaged",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "it is locked by another program",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => "it cannot be opened",
        _ => error.Message,
    };
}
