using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>An open log file, at the place where reading goes on: past its checkpoint, or at the start if it is another file now.</summary>
/// <remarks>
///     A file that grew keeps its first bytes and those before the offset: all that was read of a file up to 64 KiB, of a larger
///     one the first and the last 32 KiB of it. One that shrank, was replaced or was rewritten does not, and is read again from
///     the start: the event keys make that harmless.
/// </remarks>
sealed class FileTail : IDisposable
{
    const int FingerprintSpan = 32 * 1024;

    readonly SafeFileHandle _handle;
    readonly FileStream _stream;
    readonly LineReader _lines;

    FileTail(SafeFileHandle handle, FileCheckpoint start)
    {
        _handle = handle;
        Start = start;
        _stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        _stream.Position = start.Offset;
        _lines = new LineReader(_stream);
    }

    /// <summary>Where reading began: the file's checkpoint, or an empty one.</summary>
    public FileCheckpoint Start { get; }

    public LineReader Lines => _lines;

    /// <summary>Line number of the present line, counted from 1.</summary>
    public long LineNo => Start.Newlines + _lines.Newlines + (_lines.EndsInNewline ? 0 : 1);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileTail Open(TranscriptFile file)
    {
        var handle = File.OpenHandle(
            file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        try
        {
            var start = file.Checkpoint is { } known && known.SessionId == file.Session.SessionId && IsSameFile(handle, known, file.Stat)
                ? known
                : new FileCheckpoint { SessionId = file.Session.SessionId };

            return new FileTail(handle, start);
        }
        catch
        {
            handle.Dispose();

            throw;
        }
    }

    /// <summary>The checkpoint for all lines returned so far.</summary>
    public FileCheckpoint Advance(FileCheckpoint checkpoint)
    {
        var offset = Start.Offset + _lines.Consumed;

        return checkpoint with
        {
            Offset = offset,
            Newlines = Start.Newlines + _lines.Newlines,
            Fingerprint = Fingerprint(_handle, offset),
        };
    }

    public void Dispose()
    {
        _lines.Dispose();
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
