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
}
