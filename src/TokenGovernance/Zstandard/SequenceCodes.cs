namespace TokenGovernance.Zstandard;

/// <summary>One of the three kinds of code that make a sequence (RFC 8878, 3.1.1.3.2.1 and 3.1.1.3.2.2).</summary>
/// <param name="name">For messages.</param>
/// <param name="maxLog">The largest table a frame may describe.</param>
/// <param name="meanings">What each code stands for.</param>
sealed class SequenceCodes
{
    SequenceCodes(string name, int maxLog, ulong[] meanings, int predefinedLog, ReadOnlySpan<short> predefined)
    {
        Name = name;
        MaxLog = maxLog;
        Meanings = meanings;
        Predefined = new FseTable(predefinedLog);
        Predefined.Build(predefined, predefinedLog, meanings);
    }

    /// <summary>What is copied from the literals before a match.</summary>
    public static SequenceCodes LiteralLength { get; } = new(
        "literal length", 9, Ranges(0,
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ]),
        6,
        [
            4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1,
            -1, -1, -1, -1,
        ]);

    public static SequenceCodes MatchLength { get; } = new(
        "match length", 9, Ranges(3,
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
        ]),
        6,
        [
            1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
        ]);

    /// <summary>Codes 0 and 1 choose a repeated offset, the others are an offset.</summary>
    public static SequenceCodes Offset { get; } = new(
        "offset", 8, Offsets(),
        5,
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1]);

    public string Name { get; }

    public int MaxLog { get; }

    public ulong[] Meanings { get; }

    public FseTable Predefined { get; }

    /// <summary>Each code begins where the range of the one before ends.</summary>
    static ulong[] Ranges(uint first, ReadOnlySpan<byte> extraBits)
    {
        var meanings = new ulong[extraBits.Length];
        for (var code = 0; code < meanings.Length; code++)
        {
            meanings[code] = FseTable.Meaning(first, extraBits[code]);
            first += 1u << extraBits[code];
        }

        return meanings;
    }

    /// <summary>
    ///     Code n is n bits below a one. Values 1 to 3 are repeated offsets and are kept here as 0 to 2; an offset is
    ///     its value less 3.
    /// </summary>
    static ulong[] Offsets()
    {
        var meanings = new ulong[32];
        for (var code = 0; code < meanings.Length; code++)
        {
            meanings[code] = FseTable.Meaning((1u << code) - (code < 2 ? 1u : 3u), code);
        }

        return meanings;
    }
}
