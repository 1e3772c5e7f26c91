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

    // Numbers of <errno.h>, the same on Linux and macOS but for the last.
    const int NotPermitted = 1;
    const int InputOutputError = 5;
    const int PermissionDenied = 13;
    static readonly int StaleHandle = OperatingSystem.IsMacOS() ? 70 : 116;

    static readonly Func<StatPath, FileStat> s_stat = Choose();

    /// <summary>False where the system call could not be used or did not agree with .NET's own answer: slower, and without inodes.</summary>
    public static bool IsNative => s_stat == OfNative;

    public static FileStat Of(string path) => Of(new StatPath(path));

    /// <summary>As above, for a path that is looked at again and again.</summary>
    public static FileStat Of(StatPath path) => s_stat(path);

    /// <summary>
    ///     The system call if it says of paths that are sure to be there what .NET itself says, else .NET itself: the structure that
    ///     the call fills is private to the runtime, and a later one may change it.
    /// </summary>
    /// <param name="native">The system call.</param>
    /// <param name="paths">Paths to compare.</param>
    public static Func<StatPath, FileStat> Choose(Func<StatPath, FileStat> native, params ReadOnlySpan<string?> paths)
    {
        try
        {
            foreach (var path in paths)
            {
                if (path is not null && !IsSame(native(new StatPath(path)), OfManaged(new StatPath(path))))
                {
                    return OfManaged;
                }
            }

            return native;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return OfManaged;
        }
    }

    /// <summary>True if the last change lies so far back that an equal stat proves "unchanged".</summary>
    /// <remarks>
    ///     A file copied from a machine whose clock is ahead has a modification time in the future; whoever writes it changes the
    ///     inode's own time, which then tells. Where that is in the future too, the clocks of file system and machine differ: what has been
    ///     seen for a while was not written since.
    /// </remarks>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="seenMs">When this stat was first seen, in ms since 1970; NULL is now.</param>
    public bool IsSettled(long nowMs, long? seenMs = null)
    {
        var (modifiedMs, changedMs) = (ModifiedNs / 1_000_000, ChangedNs / 1_000_000);
        var sinceMs = changedMs > nowMs ? seenMs ?? nowMs : modifiedMs > nowMs ? changedMs : Math.Max(modifiedMs, changedMs);

        return nowMs - sinceMs > (long)Settling.TotalMilliseconds;
    }

    /// <summary>True if the inode's own time is in the future: then it has to be remembered when the stat was first seen.</summary>
    public bool IsAhead(long nowMs) => ChangedNs / 1_000_000 > nowMs;

    static Func<StatPath, FileStat> Choose() =>
        OperatingSystem.IsWindows() ? OfManaged : Choose(OfNative, Environment.ProcessPath, Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The id and the change time are not compared: .NET does not tell them.</summary>
    static bool IsSame(FileStat native, FileStat managed) =>
        native.Kind == managed.Kind
        && native.ModifiedNs / 100 == managed.ModifiedNs / 100
        && (native.Kind is not FileKind.File || native.Size == managed.Size);

    /// <summary>What the system call says.</summary>
    public static unsafe FileStat OfNative(StatPath path)
    {
        // Larger than the runtime's structure, should that grow at its end.
        var buffer = stackalloc byte[256];
        var stat = (NativeStat*)buffer;
        int result;
        fixed (byte* text = path.Native)
        {
            result = NativeStatOf(text, stat);
        }

        return result != 0
            ? new FileStat(WhyNot(path), 0, 0, 0, 0)
            : new FileStat(
                (stat->Mode & TypeMask) switch
                {
                    TypeFile => FileKind.File,
                    TypeFolder => FileKind.Folder,
                    _ => FileKind.Other,
                },
                stat->Size,
                stat->MTime * 1_000_000_000 + stat->MTimeNsec,
                stat->CTime * 1_000_000_000 + stat->CTimeNsec,
                stat->Ino);
    }

    /// <summary>What .NET says.</summary>
    public static FileStat OfManaged(StatPath path)
    {
        try
        {
            // Throws where the path leads nowhere.
            var attributes = File.GetAttributes(path.Path);
            FileSystemInfo file = new FileInfo(path.Path);
            file = attributes.HasFlag(FileAttributes.ReparsePoint) ? file.ResolveLinkTarget(returnFinalTarget: true) ?? file : file;
            var isFolder = file.Attributes.HasFlag(FileAttributes.Directory);

            return new FileStat(
                isFolder ? FileKind.Folder : FileKind.File,
                isFolder ? 0 : new FileInfo(file.FullName).Length,
                Nanoseconds(file.LastWriteTimeUtc),
                Nanoseconds(file.CreationTimeUtc),
                0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileStat(FileKind.Unreachable, 0, 0, 0, 0);
        }
    }

    /// <summary>Asks once more, for the reason: nothing there, or a folder on the way that may not be entered.</summary>
    static unsafe FileKind WhyNot(StatPath path)
    {
        var buffer = stackalloc byte[256];
        fixed (byte* text = path.Native)
        {
            return NativeStatWithReason(text, (NativeStat*)buffer) == 0
                || IsUnreachable(Marshal.GetLastPInvokeError())
                    ? FileKind.Unreachable
                    : FileKind.Missing;
        }
    }

    static bool IsUnreachable(int error) => error is PermissionDenied or NotPermitted or InputOutputError || error == StaleHandle;

    static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    // The .NET runtime's own portable stat(): one call and one layout on every Unix. If a later runtime drops it, OfManaged serves.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    private static unsafe partial int NativeStatOf(byte* path, NativeStat* output);

    // Keeping the error takes three calls more.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", SetLastError = true)]
    private static unsafe partial int NativeStatWithReason(byte* path, NativeStat* output);

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
    /// <summary>Nothing.</summary>
    Missing,

    File,
    Folder,

    /// <summary>A pipe, socket or device: never opened.</summary>
    Other,

    /// <summary>There may be something, but we may not look: a folder on the way to it may not be entered, or its disk fails.</summary>
    Unreachable,
}
