using System.Runtime.InteropServices;

namespace TokenGovernance.Storage.Making;

/// <summary>Waits until what was written is on the disk.</summary>
static partial class DiskSync
{
    const int ReadOnly = 0;

    /// <summary>The content of a file. SQLite must not have it open: who closes a file gives up all locks that his process has on it.</summary>
    public static void File(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The names in a folder, where that can be asked for: not on Windows, and not everywhere else.</summary>
    public static void Folder(string path)
    {
        if (!OperatingSystem.IsWindows() && Open(path, ReadOnly) is >= 0 and var folder)
        {
            _ = Sync(folder);
            _ = Close(folder);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
