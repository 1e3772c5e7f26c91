using System.Buffers.Binary;

namespace TokenGovernance.Tests.Proof;

/// <summary>What a write-ahead log says about the moment its writer died.</summary>
/// <param name="Frames">Pages in it that count, by their checksums.</param>
/// <param name="EndsInsideATransaction">The last of them is not the end of a transaction: its writer died while it committed.</param>
readonly record struct WalFile(int Frames, bool EndsInsideATransaction)
{
    const int HeaderSize = 32;
    const int FrameHeaderSize = 24;

    public static WalFile Read(string path)
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (bytes.Length < HeaderSize)
        {
            return default;
        }

        var bigEndian = (BinaryPrimitives.ReadUInt32BigEndian(bytes) & 1) != 0;
        var pageSize = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
        var salts = bytes.AsSpan(16, 8);
        var sum = Checksum(bytes.AsSpan(0, 24), default, bigEndian);
        var (frames, isCommitted) = (0, true);
        for (var at = HeaderSize; at + FrameHeaderSize + pageSize <= bytes.Length; at += FrameHeaderSize + pageSize)
        {
            var frame = bytes.AsSpan(at, FrameHeaderSize);
            sum = Checksum(frame[..8], sum, bigEndian);
            sum = Checksum(bytes.AsSpan(at + FrameHeaderSize, pageSize), sum, bigEndian);
            if (!frame.Slice(8, 8).SequenceEqual(salts)
                || sum != (BinaryPrimitives.ReadUInt32BigEndian(frame[16..]), BinaryPrimitives.ReadUInt32BigEndian(frame[20..])))
            {
                break;
            }

            frames++;
            isCommitted = BinaryPrimitives.ReadUInt32BigEndian(frame[4..]) != 0;
        }

        return new WalFile(frames, !isCommitted);
    }

    /// <summary>SQLite's own running sum: whatever an earlier writer left behind does not fit it.</summary>
    static (uint, uint) Checksum(ReadOnlySpan<byte> bytes, (uint, uint) sum, bool bigEndian)
    {
        var (a, b) = sum;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            a += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes)) + b;
            b += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) + a;
        }

        return (a, b);
    }
}
