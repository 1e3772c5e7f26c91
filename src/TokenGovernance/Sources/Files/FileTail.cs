using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace TokenGovernance.Sources.Files;

/// <summary>An open file at the place where reading goes on: past its checkpoint, or at the start if it is another file now.</summary>
/// <remarks>
///     A file that grew keeps its first bytes and those before the offset: all that was read of a file up to 64 KiB, of a larger
///     one the first and the last 32 KiB of it. One that shrank, was replaced or was rewritten does not, and is read again from
///     the start.
/// </remarks>
sealed class FileTail : IDisposable
{
    const int FingerprintSpan = 32 * 1024;

    readonly SafeFileHandle _handle;
    readonly FileStream _stream;

    FileTail(SafeFileHandle handle, FileCheckpoint? known)
    {
        _handle = handle;
        (IsContinued, Offset, Newlines) = (known is not null, known?.Offset ?? 0, known?.Newlines ?? 0);
        _stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        _stream.Position = Offset;
    }

    /// <summary>True if reading goes on from the checkpoint.</summary>
    public bool IsContinued { get; }

    /// <summary>Where reading begins, in bytes.</summary>
    public long Offset { get; }

    /// <summary>Newlines before that.</summary>
    public long Newlines { get; }

    /// <summary>What follows.</summary>
    public Stream Stream => _stream;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Its checkpoint, if it has one that may be used.</param>
    /// <param name="stat">What the file is now.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileTail Open(string path, FileCheckpoint? known, FileStat stat)
    {
        var handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        try
        {
            return new FileTail(handle, known is not null && IsSameFile(handle, known, stat) ? known : null);
        }
        catch
        {
            handle.Dispose();

            throw;
        }
    }

    /// <summary>A checkpoint moved to a later place.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="bytes">Bytes read of <see cref="Stream" /> whose content is taken.</param>
    /// <param name="newlines">Newlines among them.</param>
    public T Advance<T>(T checkpoint, long bytes, long newlines)
        where T : FileCheckpoint =>
        checkpoint.At(Offset + bytes, Newlines + newlines, Fingerprint(_handle, Offset + bytes));

    public void Dispose()
    {
        _stream.Dispose();
        _handle.Dispose();
    }

    static bool IsSameFile(SafeFileHandle handle, FileCheckpoint known, FileStat stat)
    {
        if (stat.FileId != known.FileId || stat.Size < known.Offset)
        {
            return false;
        }

        // The same size at another time is no growth: something was rewritten in place.
        if (stat.Size == known.Size && !known.HasSameStat(stat))
        {
            return false;
        }

        return Fingerprint(handle, known.Offset) == known.Fingerprint;
    }

    static string? Fingerprint(SafeFileHandle handle, long offset)
    {
        if (offset == 0)
        {
            return null;
        }

        var head = (int)Math.Min(offset, FingerprintSpan);
        var tail = (int)Math.Min(offset - head, FingerprintSpan);
        var bytes = ArrayPool<byte>.Shared.Rent(head + tail);
        var filled = ReadFully(handle, bytes.AsSpan(0, head), 0);
        filled += ReadFully(handle, bytes.AsSpan(filled, tail), offset - tail);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, filled), hash);
        ArrayPool<byte>.Shared.Return(bytes);

        return Convert.ToHexStringLower(hash[..8]);
    }

    static int ReadFully(SafeFileHandle handle, Span<byte> target, long offset)
    {
        var filled = 0;
        while (filled < target.Length && RandomAccess.Read(handle, target[filled..], offset + filled) is > 0 and var count)
        {
            filled += count;
        }

        return filled;
    }
}
