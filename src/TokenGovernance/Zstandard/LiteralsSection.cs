namespace TokenGovernance.Zstandard;

/// <summary>The first part of a compressed block: the bytes that matches do not bring (RFC 8878, 3.1.1.3.1).</summary>
sealed class LiteralsSection
{
    readonly byte[] _literals = new byte[(128 * 1024) + BlockOutput.Slack];
    readonly HuffmanTable _table = new();

    /// <summary>The literals of the latest block, followed by <see cref="BlockOutput.Slack" /> other bytes.</summary>
    public ReadOnlySpan<byte> WithSlack => _literals.AsSpan(0, Count + BlockOutput.Slack);

    public int Count { get; private set; }

    /// <summary>Forgets the Huffman table of the frame before.</summary>
    public void BeginFrame() => _table.Forget();

    /// <summary>Reads the section of a block.</summary>
    /// <param name="at">Where the block starts; moved past the section.</param>
    /// <param name="end">Where the block ends.</param>
    /// <param name="maxBlockSize">The most literals there may be.</param>
    /// <param name="wanted">The literals after so many need not be decoded.</param>
    public void Read(in ZstdInput input, ref int at, int end, int maxBlockSize, int wanted)
    {
        input.Require(at, 1, end, "a literals section");

        var kind = input[at] & 3;
        var format = (input[at] >> 2) & 3;
        if (kind < 2) { ReadPlain(input, ref at, end, maxBlockSize, format, isRepeated: kind == 1); }
        else { ReadHuffman(input, ref at, end, maxBlockSize, format, reusesTable: kind == 3, wanted); }
    }

    void ReadPlain(in ZstdInput input, ref int at, int end, int maxBlockSize, int format, bool isRepeated)
    {
        var headerSize = format switch { 1 => 2, 3 => 3, _ => 1 };
        var header = ReadHeader(input, at, headerSize, end);
        Count = (int)(header >> (headerSize == 1 ? 3 : 4));
        CheckCount(input, at, maxBlockSize);
        at += headerSize;

        var stored = isRepeated ? 1 : Count;
        input.Require(at, stored, end, "literals");
        if (isRepeated) { _literals.AsSpan(0, Count).Fill(input[at]); }
        else { input.Bytes.Slice(at, stored).CopyTo(_literals); }

        at += stored;
    }

    void ReadHuffman(
        in ZstdInput input, ref int at, int end, int maxBlockSize, int format, bool reusesTable, int wanted)
    {
        var start = at;
        var headerSize = Math.Max(3, format + 2);
        var sizeBits = headerSize switch { 3 => 10, 4 => 14, _ => 18 };
        var header = ReadHeader(input, at, headerSize, end) >> 4;
        var sizeMask = (1UL << sizeBits) - 1;
        Count = (int)(header & sizeMask);
        var stored = (int)((header >> sizeBits) & sizeMask);
        CheckCount(input, at, maxBlockSize);
        at += headerSize;

        input.Require(at, stored, end, "literals");
        var sectionEnd = at + stored;
        if (!reusesTable) { _table.Read(input, ref at, sectionEnd); }
        if (_table.Log == 0) { throw input.Error("literals refer to a Huffman table, but none came before", start); }

        DecodeStreams(input, at, sectionEnd, isSingle: format == 0, wanted);
        at = sectionEnd;
    }

    void DecodeStreams(in ZstdInput input, int at, int end, bool isSingle, int wanted)
    {
        // Four streams side by side take no longer than a good third of their literals one after the other.
        if (wanted > Count / 3 && !isSingle) { wanted = Count; }

        var literals = _literals.AsSpan(0, Math.Min(Count, wanted));
        var isWhole = literals.Length == Count;

        if (isSingle && isWhole) { HuffmanStreams.DecodeOne(input, at, end, _table, literals); }
        else if (isSingle) { HuffmanStreams.DecodeStart(input, at, end, _table, literals); }
        else if (isWhole) { HuffmanStreams.DecodeFour(input, at, end, _table, literals); }
        else { HuffmanStreams.DecodeStartOfFour(input, at, end, _table, Count, literals); }

        Count = literals.Length;
    }

    static ulong ReadHeader(in ZstdInput input, int at, int size, int end)
    {
        input.Require(at, size, end, "a literals section header");

        var header = 0UL;
        for (var i = size - 1; i >= 0; i--) { header = (header << 8) | input[at + i]; }

        return header;
    }

    void CheckCount(in ZstdInput input, int at, int maxBlockSize)
    {
        if (Count > maxBlockSize)
        {
            throw input.Error($"{Count} literals exceed the frame's maximum block size of {maxBlockSize}", at);
        }
    }
}
