namespace TokenGovernance.Zstandard;

enum BlockKind
{
    Raw,
    Rle,
    Compressed,
}

/// <summary>The three bytes before each block (RFC 8878, 3.1.1.2).</summary>
/// <param name="Length">Decoded bytes for an RLE block, bytes of input for the others.</param>
readonly record struct BlockHeader(bool IsLast, BlockKind Kind, int Length)
{
    public const int Size = 3;

    /// <summary>Bytes of input that follow the header.</summary>
    public int StoredLength => Kind == BlockKind.Rle ? 1 : Length;

    public static BlockHeader Read(in ZstdInput input, int at, int maxBlockSize)
    {
        input.Require(at, Size, input.Bytes.Length, "a block header");

        var bits = input.UInt16At(at) | (input[at + 2] << 16);
        var kind = (bits >> 1) & 3;
        var length = bits >> 3;
        if (kind == 3) { throw input.Error("a block is of the reserved type", at); }
        if (length > maxBlockSize)
        {
            throw input.Error($"a block of {length} bytes exceeds the frame's maximum of {maxBlockSize}", at);
        }

        return new BlockHeader((bits & 1) != 0, (BlockKind)kind, length);
    }
}
