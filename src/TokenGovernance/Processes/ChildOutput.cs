using System.Buffers;

namespace TokenGovernance.Processes;

/// <summary>Takes in what a program prints on one stream, and keeps no more of it than it is told to.</summary>
/// <param name="keepsEnd">Keeps the last bytes of any number; otherwise the first, and more than fit are too many.</param>
sealed class ChildOutput(int maxBytes, bool keepsEnd)
{
    readonly Lock _lock = new();
    readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>More was printed than is kept.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>What is kept so far; the program may go on printing.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
        {
            return _kept.WrittenSpan.ToArray();
        }
    }

    /// <summary>Reads to the end of the stream, or until it is too much, or until <paramref name="stop" />; does not throw.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken stop)
    {
        var buffer = new byte[1 << 14];
        try
        {
            while (await stream.ReadAsync(buffer, stop) is > 0 and var count && Take(buffer.AsSpan(0, count)))
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The program is gone or given up: what came before counts.
        }
    }

    bool Take(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_kept.WrittenCount + bytes.Length <= maxBytes)
            {
                _kept.Write(bytes);

                return true;
            }

            IsOverfull = true;
            if (keepsEnd)
            {
                byte[] all = [.. _kept.WrittenSpan, .. bytes];
                _kept.ResetWrittenCount();
                _kept.Write(all.AsSpan(all.Length - maxBytes));
            }

            return keepsEnd;
        }
    }
}
