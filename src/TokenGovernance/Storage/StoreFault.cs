using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Model;

namespace TokenGovernance.Storage;

/// <summary>Says what is wrong with the store, and what to do, in place of what the file system and SQLite say.</summary>
static class StoreFault
{
    /// <summary>Does something with a store; what fails there becomes a message that a user can act on.</summary>
    /// <exception cref="UserFacingException">It failed.</exception>
    public static T Translate<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException(Describe(path, e), e);
        }
    }

    public static string Describe(string path, Exception fault) => fault is not SqliteException error
        ? $"The store {path} cannot be used: {fault.Message}"
        : error.SqliteErrorCode switch
        {
            raw.SQLITE_NOTADB => $"{path} is not a database; nothing was changed. If it was a store, keep a copy of it and restore a backup; else choose another file with --db.",
            raw.SQLITE_CORRUPT => $"The store {path} is damaged ({error.Message}). Keep a copy of it and restore a backup; no new one was made in its place.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"The store {path} has been locked by another program for {UsageStore.BusyTimeoutMs / 1000} seconds; nothing was written. Try again when that is done.",
            raw.SQLITE_READONLY => $"The store {path} may not be written. Check its permissions, those of its folder, and how its disk is mounted.",
            raw.SQLITE_FULL => NoRoom(path),

            // The index of the write-ahead log could not grow: the disk is full, and SQLite says so in other words.
            raw.SQLITE_IOERR when error.SqliteExtendedErrorCode is raw.SQLITE_IOERR_SHMSIZE => NoRoom(path),
            raw.SQLITE_CANTOPEN => $"The store {path} cannot be opened. Check that it is a file and that its folder may be written.",
            _ => $"The store {path} cannot be used: {error.Message}",
        };

    static string NoRoom(string path) => $"There is no room left on the disk of the store {path}.";
}
