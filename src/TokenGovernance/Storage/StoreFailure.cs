using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage;

/// <summary>Turns what SQLite says about the store into what a user can act on.</summary>
static class StoreFailure
{
    const int NotADatabase = 26;

    /// <summary>Does something with a store; what fails there becomes a message that a user can act on.</summary>
    /// <exception cref="UserFacingException">It failed.</exception>
    public static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw Explain(path, e);
        }
        catch (IOException e) when (IsFull(e))
        {
            throw new UserFacingException(NoRoom(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The store {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>The same for a store that is filled for the first time: where that fails, there is no store.</summary>
    /// <exception cref="UserFacingException">It failed.</exception>
    public static T TranslateFilling<T>(string path, Func<T> action)
    {
        try
        {
            return Translate(path, action);
        }
        catch (UserFacingException e)
        {
            throw new UserFacingException($"{e.Message} It did not exist yet, and nothing was stored.", e);
        }
    }

    public static UserFacingException Explain(string path, SqliteException error) => new(Describe(path, error), error);

    /// <summary>The same for somebody who only reads.</summary>
    public static UserFacingException ExplainReading(string path, Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH } or UnauthorizedAccessException =>
            new UserFacingException($"The store {path} cannot be read. Check its permissions and those of its folder.", error),
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } =>
            new UserFacingException($"The store {path} is locked by another program. Try again when that is done.", error),
        SqliteException e => Explain(path, e),
        _ => new UserFacingException($"The store {path} cannot be read: {error.Message}", error),
    };

    /// <summary>Each time it was read, somebody wrote or made it anew meanwhile.</summary>
    public static UserFacingException NeverAtRest(string path) =>
        new($"The store {path} is being changed all the time and could not be read. Try again in a moment.");

    static string Describe(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        NotADatabase => $"{path} is not a database; nothing was changed. If it was a store, keep a copy of it and restore a backup; else choose another file with --db.",
        raw.SQLITE_CORRUPT => $"The store {path} is damaged ({error.Message}). Keep a copy of it and restore a backup; no new one was made in its place.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The store {path} is locked by another program; nothing was written. Try again when that is done.",
        raw.SQLITE_READONLY => $"The store {path} may not be written. Check its permissions, those of its folder, and how its disk is mounted.",
        raw.SQLITE_FULL => NoRoom(path),

        // The index of the write-ahead log could not grow: the disk is full, and SQLite says so in other words.
        raw.SQLITE_IOERR when error.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE => NoRoom(path),
        raw.SQLITE_CANTOPEN => $"The store {path} cannot be opened. Check that it is a file and that its folder may be written.",
        _ => $"The store {path} cannot be used: {error.Message}",
    };

    static bool IsFull(IOException e)
    {
        const int WindowsDiskFull = unchecked((int)0x80070070), UnixNoSpace = 28;

        return e.HResult == (OperatingSystem.IsWindows() ? WindowsDiskFull : UnixNoSpace);
    }

    static string NoRoom(string path) => $"There is no room left on the disk of the store {path}.";
}
