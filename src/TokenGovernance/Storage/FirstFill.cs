using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Making;

namespace TokenGovernance.Storage;

/// <summary>The first filling of a store that does not exist yet: one transaction in a temporary file, which then becomes the store.</summary>
/// <remarks>
///     Nobody sees the file before that, so nothing in it has to survive a crash: no page is written twice, and the disk is waited for
///     once. Whatever goes wrong, there is no store then, and the sources are read again.
/// </remarks>
sealed class FirstFill : IDisposable
{
    /// <summary>What fits into it is written once, at the end. A store of 200,000 responses has about as much (31 MB).</summary>
    const int CacheKib = 32 * 1024;

    /// <summary>Enough to make tables.</summary>
    const int SmallCacheKib = 2 * 1024;

    /// <summary>No more work than this is lost with a process that is killed, and readers wait no longer for a store.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    readonly NewFile _file;
    readonly TimeProvider _time;
    readonly long _began;
    bool _isBroken;

    FirstFill(NewFile file, TimeProvider time, SqliteConnection connection)
    {
        _file = file;
        _time = time;
        _began = time.GetTimestamp();
        Connection = connection;
    }

    /// <summary>In its transaction, until the end.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>It has lasted as long as it may.</summary>
    public bool IsDue => _time.GetElapsedTime(_began) >= Longest;

    /// <summary>Makes the tables and begins.</summary>
    public static FirstFill Begin(NewFile file, TimeProvider time)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = StoreConnection.OpenNew(file.Path, time, CacheKib);
            connection.Execute("BEGIN IMMEDIATE");

            return new FirstFill(file, time, connection);
        }
        catch
        {
            connection?.Dispose();
            file.Dispose();

            throw;
        }
    }

    /// <summary>Makes a store without anything in it, unless there is one meanwhile.</summary>
    public static void MakeEmpty(NewFile file, TimeProvider time)
    {
        using (file)
        {
            StoreConnection.CloseNew(StoreConnection.OpenNew(file.Path, time, SmallCacheKib));
            file.TryAppear();
        }
    }

    /// <summary>A batch could not be written whole: this never becomes the store.</summary>
    public void Break() => _isBroken = true;

    /// <summary>Lets what was written become the store.</summary>
    /// <exception cref="StoreExistsException">Another process was faster; its store stays as it is.</exception>
    /// <exception cref="UserFacingException">The disk is full; there is no store.</exception>
    public void End()
    {
        ObjectDisposedException.ThrowIf(_isBroken, this);
        using (this)
        {
            Connection.Execute("COMMIT");
            StoreConnection.CloseNew(Connection);
            if (!_file.TryAppear())
            {
                throw new StoreExistsException();
            }
        }
    }

    /// <summary>Gives up what did not become the store.</summary>
    public void Dispose()
    {
        Connection.Dispose();
        _file.Dispose();
    }
}
