namespace TokenGovernance.Zstandard;

enum TableMode
{
    Predefined,
    Rle,
    Described,
    Repeat,
}

/// <summary>The table in force for one kind of sequence code (RFC 8878, 3.1.1.3.2.1.1).</summary>
sealed class SequenceTable(SequenceCodes codes)
{
    readonly FseTable _own = new(codes.MaxLog);
    FseTable? _current;

    public FseTable Current => _current ?? codes.Predefined;

    public void Forget() => _current = null;

    /// <summary>Changes the table as a block demands.</summary>
    /// <param name="at">Where its description starts, if the mode has one; moved past it.</param>
    /// <param name="end">Where the block ends.</param>
    public void Read(in ZstdInput input, ref int at, int end, TableMode mode)
    {
        switch (mode)
        {
            case TableMode.Predefined:
                _current = codes.Predefined;
                break;
            case TableMode.Rle:
                ReadSingle(input, ref at, end);
                break;
            case TableMode.Described:
                ReadDescribed(input, ref at, end);
                break;
            default:
                _ = _current ?? throw input.Error($"a block repeats a {codes.Name} table, but none came before", at);
                break;
        }
    }

    void ReadSingle(in ZstdInput input, ref int at, int end)
    {
        input.Require(at, 1, end, "a sequence table");
        var code = input[at];
        if (code >= codes.Meanings.Length) { throw input.Error($"{codes.Name} code {code} does not exist", at); }

        at++;
        _own.SetSingle(codes.Meanings[code]);
        _current = _own;
    }

    void ReadDescribed(in ZstdInput input, ref int at, int end)
    {
        _current = null;
        Span<short> room = stackalloc short[64];
        var distribution = FseDistribution.Read(input, ref at, end, codes.MaxLog, room[..codes.Meanings.Length]);

        _own.Build(distribution.Counts, distribution.Log, codes.Meanings);
        _current = _own;
    }
}
