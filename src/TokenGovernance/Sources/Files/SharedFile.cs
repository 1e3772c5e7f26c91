namespace TokenGovernance.Sources.Files;

/// <summary>Opens files that belong to somebody else: for reading only, shared with every other use.</summary>
static class SharedFile
{
    /// <exception cref="IOException">It cannot be read, or is no regular file: opening a pipe would wait for its writer.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        if (FileStat.Of(path).Kind is FileKind.Other or FileKind.Folder)
        {
            throw new IOException("it is not a regular file");
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }
}
