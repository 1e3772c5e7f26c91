using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenGovernance.Sqlite;

/// <summary>SQLite's library, loaded and set up when the first connection is made: not every verb needs it.</summary>
static class SqliteLibrary
{
    public const string Name = "e_sqlite3";

    static SqliteLibrary()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Find);
        NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, Find);
        Batteries_V2.Init();

        // Each connection is used by one thread at a time: SQLite need not lock at every call. Nor need it count, under a lock that
        // all threads share, the bytes it has allocated.
        raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        FileOwners.Keep();
    }

    /// <summary>A connection, not yet open. All are made here.</summary>
    public static SqliteConnection NewConnection(SqliteConnectionStringBuilder to) => new(to.ToString());

    /// <summary>Beside the program, where a release has it: else .NET asks the system for other names in dozens of folders first.</summary>
    static nint Find(string name, Assembly assembly, DllImportSearchPath? folders) =>
        name == Name && OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, $"lib{Name}.so"), out var library)
            ? library
            : 0;
}
