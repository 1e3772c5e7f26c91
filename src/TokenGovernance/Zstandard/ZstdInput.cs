using System.Buffers.Binary;

namespace TokenGovernance.Zstandard;

/// <summary>Compressed bytes, and where they lie in the whole input, so that an error can name its offset.</summary>
/// <param name="bytes">
///     What can be read. Block contents must start at <see cref="Margin" /> or later: bitstreams are read backwards,
///     eight bytes at a time, and the last read may begin before the stream does. In a frame the magic number and the
///     two headers are always at least that long.
/// </param>
/// <param name="origin">The offset of the first byte in the whole input.</param>
readonly ref struct ZstdInput(ReadOnlySpan<byte> bytes, long origin)
{
    public const int Margin = 8;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public byte this[int at] => Bytes[at];

    public int UInt16At(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[at..]);

    public uint UInt32At(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes[at..]);

    /// <summary>Throws unless the bytes from one place up to another are there.</summary>
    public void Require(int at, int count, int end, string what)
    {
        if (count > end - at) { throw Error($"the input ends within {what}", at); }
    }

    public ZstdException Error(string reason, int at) => new(reason, origin + at);
}
