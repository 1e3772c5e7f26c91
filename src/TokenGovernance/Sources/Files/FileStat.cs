using System.Runtime.InteropServices;

namespace TokenGovernance.Sources.Files;

/// <summary>What the file system says about a path, links followed; two equal stats that are not young mean an unchanged file.</summary>
/// <param name="ModifiedNs">Last write, in ns since 1970.</param>
/// <param name="ChangedNs">Last change of the inode (Unix) or creation (Windows), in ns since 1970: a replaced file shows here.</param>
/// <param name="FileId">The inode number on Unix, else 0.</param>
readonly partial record struct FileStat(FileKind Kind, long Size, long ModifiedNs, long ChangedNs, long FileId)
{
    /// <summary>A modification time younger than this proves nothing: clocks of file systems tick coarsely.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    const int TypeMask = 0xF000;
    const int TypeFolder = 0x4000;
    const int TypeFile = 0x8000;

    static bool s_nativeWorks = !OperatingSystem.IsWindows();

    public static FileStat Of(string path) => Of(new StatPath(path));

    /// <summary>As above, for a path that is looked at again and again.</summary>
    public static FileStat Of(StatPath path)
    {
        if (s_nativeWorks)
        {
            try
            {
                return OfNative(path.Native);
            }
            catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
            {
                s_nativeWorks = false;
            }
        }

        return OfManaged(path.Path);
    }

    /// <summary>True if the last change lies far enough before <paramref name="nowMs" /> for an equal stat to prove "unchanged".</summary>
    public bool IsSettled(long nowMs) => nowMs - Math.Max(ModifiedNs, ChangedNs) / 1_000_000 > (long)Settling.TotalMilliseconds;

    static unsafe FileStat OfNative(byte[] path)
    {
        // Larger than the runtime's structure, should that grow at its end.
        var buffer = stackalloc byte[256];
        var stat = (NativeStat*)buffer;
        int result;
        fixed (byte* text = path)
        {
            result = NativeStatOf(text, stat);
        }

        return result == 0
            ? new FileStat(
                (stat->Mode & TypeMask) switch
                {
                    TypeFile => FileKind.File,
                    TypeFolder => FileKind.Folder,
                    _ => FileKind.Other,
                },
                stat->Size,
                stat->MTime * 1_000_000_000 + stat->MTimeNsec,
                stat->CTime * 1_000_000_000 + stat->CTimeNsec,
                stat->Ino)
            : default;
    }

    static FileStat OfManaged(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if ((int)file.Attributes == -1)
            {
                return default;
            }

            var isFolder = file.Attributes.HasFlag(FileAttributes.Directory);

            return new FileStat(
                isFolder ? FileKind.Folder : FileKind.File,
                isFolder ? 0 : file.Length,
                Nanoseconds(file.LastWriteTimeUtc),
                Nanoseconds(file.CreationTimeUtc),
                0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    // The .NET runtime's own portable stat(): one call and one layout on every Unix. If a later runtime drops it, OfManaged serves.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static unsafe partial int NativeStatOf(byte* path, NativeStat* output);

    [StructLayout(LayoutKind.Sequential)]
    struct NativeStat
    {
        public int Flags;
        public int Mode;
        public uint Uid;
        public uint Gid;
        public long Size;
        public long ATime;
        public long ATimeNsec;
        public long MTime;
        public long MTimeNsec;
        public long CTime;
        public long CTimeNsec;
        public long BirthTime;
        public long BirthTimeNsec;
        public long Dev;
        public long RDev;
        public long Ino;
    }
}

/// <summary>A path in the form that the system call wants, so that 2,000 looks a pass need not make it 2,000 times.</summary>
sealed class StatPath(string path)
{
    public string Path { get; } = path;

    /// <summary>UTF-8, ended by a NUL byte.</summary>
    public byte[] Native { get; } = System.Text.Encoding.UTF8.GetBytes(path + '\0');
}

/// <summary>What a path leads to.</summary>
enum FileKind
{
    /// <summary>Nothing, or nothing we may look at.</summary>
    Missing,

    File,
    Folder,

    /// <summary>A pipe, socket or device: never opened.</summary>
    Other,
}
