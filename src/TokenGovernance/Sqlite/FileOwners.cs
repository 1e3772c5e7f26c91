using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Sqlite;

/// <summary>Keeps SQLite from changing whose the files beside a database are, where the program is run by root.</summary>
/// <remarks>
///     Run by root, SQLite gives each WAL and each index that it opens to the owner of the database, even where they are his already
///     and are only read. That sets the time of their last change: a daemon would see its own look as a change and look again.
/// </remarks>
static unsafe partial class FileOwners
{
    const int WithSystemCalls = 3;
    const uint AnyUser = 1;

    [ThreadStatic]
    static bool t_mayGive;

    /// <summary>From now on SQLite takes this process for that of an ordinary user, but for <see cref="GiveToOwner" />.</summary>
    public static void Keep()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        try
        {
            var system = FindSystem(null);
            if (system is not null && system->Version >= WithSystemCalls)
            {
                fixed (byte* name = "geteuid\0"u8)
                {
                    _ = system->SetSystemCall(system, name, (nint)(delegate* unmanaged[Cdecl]<uint>)&User);
                }
            }
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Then SQLite does as it does.
        }
    }

    /// <summary>Does something with a database of ours: what SQLite makes beside it belongs to the owner of the database.</summary>
    public static T GiveToOwner<T>(Func<T> action)
    {
        t_mayGive = true;
        try
        {
            return action();
        }
        finally
        {
            t_mayGive = false;
        }
    }

    /// <summary>What SQLite asks before it gives a file away; it asks for nothing else.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static uint User() => t_mayGive ? 0 : AnyUser;

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_vfs_find")]
    private static partial SystemOfFiles* FindSystem(byte* name);

    /// <summary>`sqlite3_vfs`, as sqlite3.h has it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct SystemOfFiles
    {
        public int Version;
        public int FileSize;
        public int LongestPath;
        public nint Next;
        public nint Name;
        public nint Data;
        public fixed long Calls[12];
        public nint CurrentTimeInt64;
        public delegate* unmanaged[Cdecl]<SystemOfFiles*, byte*, nint, int> SetSystemCall;
    }
}
