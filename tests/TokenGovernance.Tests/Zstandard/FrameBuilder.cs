using System.Buffers.Binary;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>Puts frames together by hand, right ones and wrong ones.</summary>
sealed class FrameBuilder
{
    readonly List<byte> _bytes = [0x28, 0xB5, 0x2F, 0xFD];

    FrameBuilder(params byte[] header) => _bytes.AddRange(header);

    /// <summary>A frame of unknown size with a window of 128 KiB, unless the descriptor says something else.</summary>
    public static FrameBuilder WithWindow(byte windowDescriptor = 7 << 3) => new(0x00, windowDescriptor);

    public static FrameBuilder WithContentSize(byte size) => new(0x20, size);

    public static FrameBuilder WithHeader(params byte[] header) => new(header);

    public FrameBuilder Raw(ReadOnlySpan<byte> content, bool isLast = false) => Block(0, content.Length, content, isLast);

    public FrameBuilder Rle(byte value, int count, bool isLast = false) => Block(1, count, [value], isLast);

    public FrameBuilder Compressed(ReadOnlySpan<byte> content, bool isLast = false) => Block(2, content.Length, content, isLast);

    public FrameBuilder Compressed(byte[] literals, byte[] sequences, bool isLast = false) =>
        Compressed([.. literals, .. sequences], isLast);

    public FrameBuilder Block(int kind, int length, ReadOnlySpan<byte> content, bool isLast = false)
    {
        var header = (length << 3) | (kind << 1) | (isLast ? 1 : 0);
        _bytes.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16)]);
        _bytes.AddRange(content);

        return this;
    }

    public FrameBuilder Append(params byte[] bytes)
    {
        _bytes.AddRange(bytes);

        return this;
    }

    public byte[] ToBytes() => [.. _bytes];

    /// <summary>A literals section that holds the literals as they are.</summary>
    public static byte[] RawLiterals(ReadOnlySpan<byte> literals) => [.. Header(literals.Length << 4 | 0x0C, 3), .. literals];

    public static byte[] RleLiterals(byte value, int count) => [.. Header(count << 4 | 0x0D, 3), value];

    /// <summary>A literals section of Huffman streams, which may start with the description of their table.</summary>
    /// <param name="reusesTable">Whether it refers to the table of an earlier block.</param>
    public static byte[] HuffmanLiterals(int count, ReadOnlySpan<byte> content, bool isSingle, bool reusesTable = false)
    {
        var kind = reusesTable ? 3L : 2L;
        if (isSingle) { return [.. Header(kind | ((long)count << 4) | ((long)content.Length << 14), 3), .. content]; }

        return [.. Header(kind | (3 << 2) | ((long)count << 4) | ((long)content.Length << 22), 5), .. content];
    }

    public static byte[] FourStreams(byte[][] streams)
    {
        var sizes = new byte[6];
        for (var i = 0; i < 3; i++) { BinaryPrimitives.WriteUInt16LittleEndian(sizes.AsSpan(2 * i), (ushort)streams[i].Length); }

        return [.. sizes, .. streams.SelectMany(stream => stream)];
    }

    /// <summary>A sequences section where all three kinds of code have one value each: only extra bits are left.</summary>
    public static byte[] RleSequences(int count, byte literalLengthCode, byte offsetCode, byte matchLengthCode, Bits extraBits) =>
        [.. SequenceCount(count), 0x54, literalLengthCode, offsetCode, matchLengthCode, .. extraBits.ToBytes()];

    public static byte[] NoSequences => [0];

    public static byte[] SequenceCount(int count) => count switch
    {
        < 128 => [(byte)count],
        < 0x7F00 => [(byte)((count >> 8) + 128), (byte)count],
        _ => [255, (byte)(count - 0x7F00), (byte)((count - 0x7F00) >> 8)],
    };

    static byte[] Header(long value, int size)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);

        return bytes[..size];
    }
}
