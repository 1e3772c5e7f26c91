namespace TokenGovernance.Zstandard;

/// <summary>The second part of a compressed block, up to its bitstream (RFC 8878, 3.1.1.3.2.1).</summary>
sealed class SequencesSection
{
    readonly SequenceTable _literalLengths = new(SequenceCodes.LiteralLength);
    readonly SequenceTable _offsets = new(SequenceCodes.Offset);
    readonly SequenceTable _matchLengths = new(SequenceCodes.MatchLength);

    public FseTable LiteralLengths => _literalLengths.Current;

    public FseTable Offsets => _offsets.Current;

    public FseTable MatchLengths => _matchLengths.Current;

    /// <summary>Forgets the tables of the frame before.</summary>
    public void BeginFrame()
    {
        _literalLengths.Forget();
        _offsets.Forget();
        _matchLengths.Forget();
    }

    /// <summary>Reads the number of sequences and the tables they are decoded with.</summary>
    /// <param name="at">Where the section starts; moved to its bitstream.</param>
    /// <param name="end">Where the block ends.</param>
    public int Read(in ZstdInput input, ref int at, int end)
    {
        var count = ReadCount(input, ref at, end);
        if (count == 0)
        {
            return at == end ? 0 : throw input.Error("a block without sequences goes on after their number", at);
        }

        input.Require(at, 1, end, "a sequences section header");
        var modes = input[at];
        if ((modes & 3) != 0) { throw input.Error("reserved bits of a sequences section are set", at); }

        at++;
        _literalLengths.Read(input, ref at, end, (TableMode)(modes >> 6));
        _offsets.Read(input, ref at, end, (TableMode)((modes >> 4) & 3));
        _matchLengths.Read(input, ref at, end, (TableMode)((modes >> 2) & 3));

        return count;
    }

    static int ReadCount(in ZstdInput input, ref int at, int end)
    {
        const string what = "the number of sequences";
        input.Require(at, 1, end, what);

        int first = input[at];
        var size = first switch { < 128 => 1, < 255 => 2, _ => 3 };
        input.Require(at, size, end, what);

        var count = size switch
        {
            1 => first,
            2 => ((first - 128) << 8) + input[at + 1],
            _ => input.UInt16At(at + 1) + 0x7F00,
        };
        at += size;

        return count;
    }
}
