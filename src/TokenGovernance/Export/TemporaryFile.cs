using System.Text.RegularExpressions;
using TokenGovernance.Faults;

namespace TokenGovernance.Export;

/// <summary>A file that is written beside another and takes its place when it is whole: a new one, under a name that nobody can guess, and its owner's only.</summary>
/// <remarks>It is locked while it is written, so the next export can tell what a killed one left behind from what another one is writing.</remarks>
sealed partial class TemporaryFile : IDisposable
{
    const int Attempts = 20;
    const int BufferSize = 1 << 16;

    readonly string _path;

    TemporaryFile(string path, string target)
    {
        (_path, Target) = (path, target);

        // A lock that is shared with readers: the file has its final name for a moment before it is closed, and may be read then.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = BufferSize };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Stream = new FileStream(path, options);
    }

    /// <summary>Whose place it takes.</summary>
    public string Target { get; }

    public FileStream Stream { get; }

    /// <summary>Makes one, and removes what killed exports to the same target left behind.</summary>
    public static TemporaryFile For(string target)
    {
        RemoveLeftovers(target);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var file = new TemporaryFile($"{target}.{Guid.NewGuid():N}.tmp", target);
                if (File.Exists(file._path))
                {
                    return file;
                }

                // Another export removed it between its making and its lock; with the lock nobody does.
                file.Dispose();
            }
            catch (IOException e) when (e is not DirectoryNotFoundException && attempt < Attempts)
            {
                // Another export took it for a leftover, in the moment before it was locked.
            }
        }
    }

    /// <summary>Ends the writing, long before it takes its target's place: its lock goes, so it must be kept from other exports otherwise.</summary>
    public void Finish()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
    }

    /// <summary>Puts it in its target's place.</summary>
    public void Keep()
    {
        if (Stream.CanWrite)
        {
            Stream.Flush(flushToDisk: true);
        }

        FailPoint.Reach(FailPoint.ExportBeforeRename);
        if (OperatingSystem.IsWindows())
        {
            // There a file that is open cannot be moved.
            Stream.Dispose();
        }

        File.Move(_path, Target, overwrite: true);

        // Until now it was locked, so that no other export takes it for a leftover; from now on people read it.
        Stream.Dispose();
    }

    public void Dispose()
    {
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // The disk is full, and what is in the buffer does not fit either: it goes with the file.
        }

        File.Delete(_path);
    }

    static void RemoveLeftovers(string target)
    {
        var prefix = Path.GetFileName(target) + ".";
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!, $"{prefix}*.tmp"))
        {
            if (!Unique().IsMatch(Path.GetFileName(path)[prefix.Length..]))
            {
                continue;
            }

            try
            {
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    DeleteUnless(OperatingSystem.IsWindows(), path);
                }

                // There a file is deleted when it is closed, or not at all if another has it open.
                DeleteUnless(!OperatingSystem.IsWindows(), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another export is writing it.
            }
        }
    }

    static void DeleteUnless(bool stays, string path)
    {
        if (!stays)
        {
            File.Delete(path);
        }
    }

    /// <summary>As named above, or by a process id, as version 0.1.0 did.</summary>
    [GeneratedRegex(@"^(?:[0-9a-f]{32}|[0-9]{1,10})\.tmp\z")]
    private static partial Regex Unique();
}
