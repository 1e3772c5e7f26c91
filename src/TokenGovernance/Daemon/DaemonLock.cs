using System.Globalization;
using System.Runtime.InteropServices;
using TokenGovernance.Domain;

namespace TokenGovernance.Daemon;

/// <summary>Keeps a second daemon off a store. The operating system drops it with the process, however that ends.</summary>
/// <remarks>A one-shot beside a daemon takes no lock: the store sorts the two out.</remarks>
sealed class DaemonLock : IDisposable
{
    readonly FileStream _file;

    DaemonLock(FileStream file) => _file = file;

    /// <summary>The lock's file, beside the store.</summary>
    public static string PathOf(string storePath) => storePath + ".lock";

    /// <summary>Takes the lock of a store.</summary>
    /// <exception cref="UserFacingException">Another daemon has it, or the file cannot be made.</exception>
    public static DaemonLock Take(string storePath)
    {
        var path = PathOf(storePath);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = new FileStream(path, Options());
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();

            return new DaemonLock(file);
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

    /// <summary>True while a daemon runs on a store.</summary>
    public static bool IsTaken(string storePath)
    {
        var path = PathOf(storePath);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    static FileStreamOptions Options()
    {
        // The file stays when the daemon ends: removing it could remove the lock of the next one.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
