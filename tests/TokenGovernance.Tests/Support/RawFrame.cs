using System.Buffers.Binary;
using System.Text;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace TokenGovernance.Tests;

/// <summary>Writes zstd frames that hold their content as it is: right by inspection, and no zstd program is needed.</summary>
static class RawFrame
{
    const int MaxBlock = 128 * 1024;

    public static byte[] Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>One frame with its size and a checksum.</summary>
    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        // Descriptor: content size in four bytes, one segment, a checksum.
        using var frame = new MemoryStream();
        frame.Write([0x28, 0xB5, 0x2F, 0xFD, 0xA4]);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, content.Length);
        frame.Write(size);
        WriteBlocks(frame, content, MaxBlock);
        frame.Write(ChecksumOf(content));

        return frame.ToArray();
    }

    /// <summary>One frame without size and checksum, in blocks of at most so many bytes.</summary>
    public static byte[] WithoutSize(ReadOnlySpan<byte> content, int block = MaxBlock)
    {
        // Descriptor: nothing; a window of 128 KiB.
        using var frame = new MemoryStream();
        frame.Write([0x28, 0xB5, 0x2F, 0xFD, 0x00, 7 << 3]);
        WriteBlocks(frame, content, block);

        return frame.ToArray();
    }

    static void WriteBlocks(MemoryStream frame, ReadOnlySpan<byte> content, int size)
    {
        for (var at = 0; at == 0 || at < content.Length; at += size)
        {
            var block = content.Slice(at, Math.Min(size, content.Length - at));
            var header = (block.Length << 3) | (at + block.Length == content.Length ? 1 : 0);
            frame.Write([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.Write(block);
        }
    }

    /// <summary>A checksum is made of the content alone, so that of a frame which compresses it is the same.</summary>
    static ReadOnlySpan<byte> ChecksumOf(ReadOnlySpan<byte> content)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);

        return compressor.Wrap(content)[^4..];
    }
}
