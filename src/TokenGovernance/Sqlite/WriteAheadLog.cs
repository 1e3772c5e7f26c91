using System.Runtime.InteropServices;

namespace TokenGovernance.Sqlite;

/// <summary>What the index of a write-ahead log (`-shm`) says: how much of the log is not in the database yet.</summary>
static class WriteAheadLog
{
    const int PageSizeAt = 14, LastFrameAt = 16, MovedFramesAt = 96, Needed = 100;

    /// <summary>Bytes of pages that are committed and not moved into the database; 0 without a log.</summary>
    /// <remarks>A writer moves them when it has committed; what a reader may still need stays, and the log grows behind it.</remarks>
    public static long PendingBytes(string path)
    {
        Span<byte> index = stackalloc byte[Needed];
        try
        {
            using var file = new FileStream($"{path}-shm", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.ReadAtLeast(index, Needed, throwOnEndOfStream: false) < Needed)
            {
                return 0;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }

        // In the machine's own byte order.
        var pageSize = MemoryMarshal.Read<ushort>(index[PageSizeAt..]) is var size && size == 1 ? 65_536 : size;
        var frames = (long)MemoryMarshal.Read<uint>(index[LastFrameAt..]) - MemoryMarshal.Read<uint>(index[MovedFramesAt..]);

        return Math.Max(0, frames) * pageSize;
    }
}
