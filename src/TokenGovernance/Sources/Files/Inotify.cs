using System.Runtime.InteropServices;
using System.Text;

namespace TokenGovernance.Sources.Files;

/// <summary>The calls of Linux's inotify(7), and what it says.</summary>
static partial class Inotify
{
    /// <summary>Something was written, made, removed or renamed in a folder, or happened to the folder itself.</summary>
    const uint Mask = Modify | Attributes | MovedFrom | MovedTo | Create | Delete | DeleteSelf | MoveSelf | OnlyFolders;

    const uint Modify = 0x2, Attributes = 0x4, MovedFrom = 0x40, MovedTo = 0x80, Create = 0x100, Delete = 0x200, DeleteSelf = 0x400, MoveSelf = 0x800;
    const uint Unmount = 0x2000, Overflow = 0x4000, Ignored = 0x8000, OnlyFolders = 0x01000000;

    const int NonBlocking = 0x800, CloseOnExec = 0x80000;
    const short Readable = 1;
    const int Header = 16;

    /// <summary>One thing that was told.</summary>
    /// <param name="Watch">Number of the watch; -1 with <see cref="IsOverflow" />.</param>
    /// <param name="Name">The name in the folder; empty if it is about the folder itself.</param>
    /// <param name="IsOverflow">Something was lost, of any watch.</param>
    /// <param name="IsEnd">The folder is gone, renamed or unmounted.</param>
    /// <param name="IsIgnored">The watch is over.</param>
    public readonly record struct Event(int Watch, string Name, bool IsOverflow, bool IsEnd, bool IsIgnored);

    /// <summary>Returns a descriptor, or -1.</summary>
    public static int Open() => NativeOpen(NonBlocking | CloseOnExec);

    /// <summary>Watches a folder; returns the number of the watch (the same for the same folder), or minus the error.</summary>
    public static int Add(int descriptor, string folder) =>
        NativeAdd(descriptor, folder, Mask) is >= 0 and var watch ? watch : -Marshal.GetLastPInvokeError();

    public static void Remove(int descriptor, int watch) => _ = NativeRemove(descriptor, watch);

    public static void Close(int descriptor) => _ = NativeClose(descriptor);

    /// <summary>Waits until there is something to read.</summary>
    public static unsafe void Wait(int descriptor)
    {
        var poll = new Poll { Descriptor = descriptor, Events = Readable };
        _ = NativePoll(&poll, 1, -1);
    }

    /// <summary>Reads what was told, until there is nothing more.</summary>
    /// <returns>True if there was something.</returns>
    public static bool Read(int descriptor, byte[] buffer, Action<Event> tell)
    {
        var isTold = false;
        while (ReadOnce(descriptor, buffer) is > 0 and var length)
        {
            isTold = true;
            for (var rest = buffer.AsSpan(0, length); rest.Length >= Header;)
            {
                var watch = BitConverter.ToInt32(rest);
                var mask = BitConverter.ToUInt32(rest[4..]);
                var size = BitConverter.ToInt32(rest[12..]);
                var name = rest.Slice(Header, size);
                var end = name.IndexOf((byte)0);
                tell(new Event(
                    watch, Encoding.UTF8.GetString(end < 0 ? name : name[..end]), (mask & Overflow) != 0,
                    (mask & (DeleteSelf | MoveSelf | Unmount)) != 0, (mask & Ignored) != 0));
                rest = rest[(Header + size)..];
            }
        }

        return isTold;
    }

    static unsafe int ReadOnce(int descriptor, byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            return (int)NativeRead(descriptor, start, (nuint)buffer.Length);
        }
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    private static partial int NativeOpen(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeAdd(int descriptor, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch")]
    private static partial int NativeRemove(int descriptor, int watch);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint NativeRead(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int NativePoll(Poll* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int NativeClose(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
