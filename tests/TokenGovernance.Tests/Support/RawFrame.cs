using System.Buffers.Binary;
using System.Text;
using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests;

/// <summary>Writes zstd frames that hold their content as it is: right by inspection, and no zstd program is needed.</summary>
static class RawFrame
{
    const int MaxBlock = 128 * 1024;

    public static byte[] Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static byte[] Of(ReadOnlySpan<byte> content)
    {
        // Descriptor: content size in four bytes, one segment, a checksum.
        using var frame = new MemoryStream();
        frame.Write([0x28, 0xB5, 0x2F, 0xFD, 0xA4]);
        WriteNumber(frame, (uint)content.Length);
        for (var at = 0; at == 0 || at < content.Length; at += MaxBlock)
        {
            var block = content.Slice(at, Math.Min(MaxBlock, content.Length - at));
            var header = (block.Length << 3) | (at + block.Length == content.Length ? 1 : 0);
            frame.Write([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
            frame.Write(block);
        }

        var hash = new XxHash64();
        hash.Append(content);
        WriteNumber(frame, (uint)hash.Digest());

        return frame.ToArray();
    }

    static void WriteNumber(MemoryStream frame, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        frame.Write(bytes);
    }
}
