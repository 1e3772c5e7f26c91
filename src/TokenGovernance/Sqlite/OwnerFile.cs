using System.Runtime.InteropServices;

namespace TokenGovernance.Sqlite;

/// <summary>Files for databases that only their owner may read.</summary>
static class OwnerFile
{
    /// <summary>Makes an empty file.</summary>
    /// <exception cref="IOException">There is one.</exception>
    public static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        File.Open(path, options).Dispose();
    }

    /// <summary>Takes the rights of others to a database, its log and its index away.</summary>
    public static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var file in new[] { path, $"{path}-wal", $"{path}-shm" }.Where(File.Exists))
        {
            try
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            catch (UnauthorizedAccessException)
            {
                // It is another user's, who decides about it; `doctor` says who may read it.
            }
        }
    }
}
