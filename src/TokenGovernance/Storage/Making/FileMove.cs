using System.Runtime.InteropServices;

namespace TokenGovernance.Storage.Making;

/// <summary>What became of an attempt to move a file.</summary>
enum MoveOutcome
{
    Moved,

    /// <summary>There is a file of that name; nothing was changed.</summary>
    Taken,

    /// <summary>The system or the file system cannot do it this way; nothing was changed.</summary>
    Unsupported,
}

/// <summary>Gives a file another name in the same folder, in one step, unless there is a file of that name.</summary>
/// <remarks>
///     .NET's own move is not enough outside of Windows: it looks whether the target is there and then renames. Of two that make the
///     same store at once, one would lose it.
/// </remarks>
static partial class FileMove
{
    const int Exists = 17;

    static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    /// <summary>The ways to do it, best first; the last one always can.</summary>
    public static IReadOnlyList<Func<string, string, MoveOutcome>> Ways { get; } =
        OperatingSystem.IsWindows() ? [Move] : [Rename, Link, MoveUnderLock];

    /// <returns>False if there is a file of that name; nothing was changed.</returns>
    public static bool TryMove(string from, string to) =>
        Ways.Select(way => way(from, to)).First(outcome => outcome is not MoveOutcome.Unsupported) is MoveOutcome.Moved;

    static MoveOutcome Rename(string from, string to)
    {
        const int CurrentFolder = -100;
        const uint LinuxNoReplace = 1, MacExclusive = 4;
        try
        {
            var result = OperatingSystem.IsMacOS()
                ? NativeRename(from, to, MacExclusive)
                : NativeRename(CurrentFolder, from, CurrentFolder, to, LinuxNoReplace);

            return OutcomeOf(result, Marshal.GetLastPInvokeError());
        }
        catch (EntryPointNotFoundException)
        {
            return MoveOutcome.Unsupported;
        }
    }

    /// <summary>The first name goes afterwards; until then the file has two.</summary>
    static MoveOutcome Link(string from, string to)
    {
        var outcome = OutcomeOf(NativeLink(from, to), Marshal.GetLastPInvokeError());
        if (outcome is MoveOutcome.Moved)
        {
            File.Delete(from);
        }

        return outcome;
    }

    /// <summary>For file systems that know neither: looks and then renames, which only one process at a time does.</summary>
    static MoveOutcome MoveUnderLock(string from, string to)
    {
        FileStream? taken;
        while ((taken = FileLock.TryTake($"{to}.new-lock", FileMode.OpenOrCreate)) is null)
        {
            Thread.Sleep(BetweenAttempts);
        }

        try
        {
            return Move(from, to);
        }
        finally
        {
            FileLock.Remove(taken);
        }
    }

    static MoveOutcome Move(string from, string to)
    {
        if (File.Exists(to))
        {
            return MoveOutcome.Taken;
        }

        try
        {
            File.Move(from, to, overwrite: false);

            return MoveOutcome.Moved;
        }
        catch (IOException) when (File.Exists(to))
        {
            return MoveOutcome.Taken;
        }
    }

    /// <summary>What fails for another reason than a taken name is tried in the next way, and the last one says why it fails.</summary>
    static MoveOutcome OutcomeOf(int result, int error) =>
        result == 0 ? MoveOutcome.Moved : error == Exists ? MoveOutcome.Taken : MoveOutcome.Unsupported;

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "renamex_np", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(string from, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeLink(string existing, string name);
}
