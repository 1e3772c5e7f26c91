using TokenGovernance.Collection;
using TokenGovernance.Domain;

namespace TokenGovernance.Daemon;

/// <summary>Keeps a second daemon off a store. The operating system drops it with the process, however that ends.</summary>
/// <remarks>
///     A one-shot beside a daemon takes no lock: the store sorts the two out. Nothing is ever written into the file, so whatever it
///     leads to stays as it is; it stays when the daemon ends, for removing it could remove the lock of the next one.
/// </remarks>
sealed class DaemonLock : IDisposable
{
    /// <summary>Somebody may only be looking at the lock: `doctor`.</summary>
    const int Attempts = 10;

    static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(50);

    readonly string _storePath;
    FileStream _file;
    FileWatch _watch;

    DaemonLock(string storePath)
    {
        _storePath = storePath;
        (_file, _watch) = Open(storePath);
    }

    /// <summary>The lock's file, beside the store.</summary>
    public static string PathOf(string storePath) => storePath + ".lock";

    /// <summary>Its file is still there: a daemon that starts now finds it taken.</summary>
    public bool IsHeld => _watch.IsSame;

    /// <summary>Takes the lock of a store, whose folder must be there.</summary>
    /// <exception cref="UserFacingException">Another daemon has it, or the file cannot be made.</exception>
    public static DaemonLock Take(string storePath) => new(storePath);

    /// <summary>Takes it again where its file was removed or replaced.</summary>
    /// <exception cref="UserFacingException">As for <see cref="Take" />.</exception>
    public void Renew()
    {
        if (!IsHeld)
        {
            _file.Dispose();
            (_file, _watch) = Open(_storePath);
        }
    }

    /// <summary>True while a daemon runs on a store. Looking takes nothing away: a shared lock, for a moment.</summary>
    public static bool IsTaken(string storePath)
    {
        try
        {
            using var file = new FileStream(PathOf(storePath), FileMode.Open, FileAccess.Read, FileShare.Read);

            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    static (FileStream File, FileWatch Watch) Open(string storePath)
    {
        var path = PathOf(storePath);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (OpenFile(path), new FileWatch(path));
            }
            catch (IOException) when (attempt < Attempts && new FileInfo(path) is { Exists: true, LinkTarget: null })
            {
                Thread.Sleep(BetweenAttempts);
            }
            catch (IOException e) when (IsTaken(storePath))
            {
                throw new UserFacingException(
                    $"Another daemon collects into {storePath} already (its lock is {path}). Stop that one first, or use --once beside it.", e);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UserFacingException($"The lock {path} cannot be made: {e.Message}", e);
            }
        }
    }

    static FileStream OpenFile(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is not null)
        {
            throw new IOException("it is a link, and none of ours. Remove it.");
        }

        // Made new, which no link is followed for, or opened as it is.
        var options = new FileStreamOptions
        {
            Mode = info.Exists ? FileMode.Open : FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!info.Exists && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
