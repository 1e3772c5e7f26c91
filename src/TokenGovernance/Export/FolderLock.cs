using TokenGovernance.Domain;

namespace TokenGovernance.Export;

/// <summary>Keeps a second export off a folder. The operating system drops it with the process, however that ends.</summary>
sealed class FolderLock : IDisposable
{
    const string Name = "_token_governance.lock";

    readonly FileStream _file;

    FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a folder that is there.</summary>
    /// <exception cref="UserFacingException">Another export has it.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new UserFacingException($"{path} is a link, and none of ours. Remove it.");
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            return new FolderLock(new FileStream(path, options));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserFacingException($"Another export writes into {folder} (its lock is {path}). Wait for it to end, or choose another folder.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
