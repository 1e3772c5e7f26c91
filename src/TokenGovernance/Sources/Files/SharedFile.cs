namespace TokenGovernance.Sources.Files;

/// <summary>Opens files that belong to somebody else: for reading only, shared with every other use.</summary>
static class SharedFile
{
    const long MaxSmall = 64 * 1024 * 1024;

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

    /// <summary>Reads a small file whole.</summary>
    /// <exception cref="IOException">As for <see cref="Open" />, or it is too large to be what it should be.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path);
        if (file.Length > MaxSmall)
        {
            throw new IOException($"it is larger than {MaxSmall / (1024 * 1024)} MiB");
        }

        var bytes = new byte[file.Length];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        return bytes[..count];
    }
}
