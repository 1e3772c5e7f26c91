using System.Buffers.Binary;

namespace TokenGovernance.Zstandard;

/// <summary>What a frame says of itself before its first block (RFC 8878, 3.1.1.1).</summary>
/// <param name="Size">Bytes of the header, the magic number included.</param>
/// <param name="WindowSize">How far back a match may reach.</param>
/// <param name="ContentSize">Bytes of the decoded frame, or null if it does not say.</param>
/// <param name="HasChecksum">Whether four bytes of XXH64 follow the last block.</param>
/// <param name="IsSingleSegment">Whether the window is the content itself.</param>
readonly record struct FrameHeader(
    int Size, ulong WindowSize, ulong? ContentSize, bool HasChecksum, bool IsSingleSegment)
{
    public const uint Magic = 0xFD2FB528;

    /// <summary>Magic number and descriptor: enough to know how long the header is.</summary>
    public const int MinSize = 5;

    public const int MaxSize = 18;

    const int LargestBlock = 128 * 1024;

    /// <summary>No block of the frame may be larger, neither compressed nor decoded.</summary>
    public int MaxBlockSize => (int)Math.Min(WindowSize, LargestBlock);

    /// <summary>Whether the magic number is one of the sixteen that mark a frame to be passed over (3.1.2).</summary>
    public static bool IsSkippable(uint magic) => (magic & 0xFFFFFFF0) == 0x184D2A50;

    /// <summary>Bytes of the header, the magic number included, from its frame header descriptor.</summary>
    public static int SizeFrom(byte descriptor) =>
        MinSize + (IsSingle(descriptor) ? 0 : 1) + DictionaryIdBytes(descriptor) + ContentSizeBytes(descriptor);

    /// <summary>Reads the header at an offset, of which at least <see cref="MinSize" /> bytes are there.</summary>
    public static FrameHeader Read(in ZstdInput input, int start)
    {
        var descriptor = input[start + 4];
        if ((descriptor & 0x08) != 0) { throw input.Error("a reserved bit of the frame header is set", start + 4); }

        var size = SizeFrom(descriptor);
        input.Require(start, size, input.Bytes.Length, "a frame header");

        var at = start + MinSize;
        ulong window = 0;
        if (!IsSingle(descriptor)) { window = WindowFrom(input[at++]); }

        RefuseDictionary(input, at, DictionaryIdBytes(descriptor));
        at += DictionaryIdBytes(descriptor);

        var content = ContentSizeAt(input.Bytes[at..], ContentSizeBytes(descriptor));
        if (IsSingle(descriptor)) { window = content ?? 0; }

        return new FrameHeader(size, window, content, (descriptor & 0x04) != 0, IsSingle(descriptor));
    }

    /// <summary>Throws if decoding would need more history than the caller is willing to hold.</summary>
    public void RefuseWindowOver(int maxWindow, in ZstdInput input, int start)
    {
        if (WindowSize > (uint)maxWindow)
        {
            throw input.Error(
                $"a frame needs a window of {WindowSize} bytes, more than the limit of {maxWindow}", start);
        }
    }

    static bool IsSingle(byte descriptor) => (descriptor & 0x20) != 0;

    static int DictionaryIdBytes(byte descriptor) => (1 << (descriptor & 3)) >> 1;

    static int ContentSizeBytes(byte descriptor) => (descriptor >> 6) switch
    {
        0 => IsSingle(descriptor) ? 1 : 0,
        var flag => 1 << flag,
    };

    static ulong WindowFrom(byte descriptor)
    {
        var unit = 1UL << (10 + (descriptor >> 3));

        return unit + (unit / 8 * (descriptor & 7u));
    }

    static ulong? ContentSizeAt(ReadOnlySpan<byte> bytes, int size) => size switch
    {
        0 => null,
        1 => bytes[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes) + 256UL,
        4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };

    static void RefuseDictionary(in ZstdInput input, int at, int size)
    {
        if (input.Bytes.Slice(at, size).ContainsAnyExcept((byte)0))
        {
            throw input.Error("the frame needs a dictionary, which is not supported", at);
        }
    }
}
