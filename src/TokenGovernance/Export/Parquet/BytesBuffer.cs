namespace TokenGovernance.Export.Parquet;

/// <summary>Texts or bytes: each different one is kept once.</summary>
/// <param name="areSorted">Most begin like the one before: what they have in common is written once.</param>
sealed class BytesBuffer(bool areSorted) : ColumnBuffer
{
    /// <summary>A bound that is longer is not said: it helps nobody to skip a row group.</summary>
    const int LongestBound = 64;

    readonly int[] _numbers = new int[ParquetWriter.RowGroupSize];
    readonly int[] _kept = new int[ParquetWriter.RowGroupSize];
    readonly long[] _prefixes = new long[ParquetWriter.RowGroupSize], _lengths = new long[ParquetWriter.RowGroupSize];
    readonly DistinctBytes _distinct = new();

    public override void Clear()
    {
        base.Clear();
        _distinct.Clear();
    }

    public override void Set(int row, ReadOnlySpan<byte> value)
    {
        _numbers[row] = _distinct.Find(value);
        Note(row);
    }

    protected override ColumnContent WriteValues(ReadOnlySpan<int> present, ByteBuffer page, ByteBuffer dictionary)
    {
        var values = Keep(present, _numbers, _kept);
        var (least, greatest) = FindBounds();

        // Of ids that stand once a dictionary would only make more of them.
        var entries = _distinct.Count * 2 <= values.Length ? _distinct.Count : 0;
        if (entries > 0)
        {
            WriteNumbers(values, page, dictionary);
        }
        else
        {
            WriteTexts(values, page);
        }

        return new ColumnContent((entries, values.Length) switch
        {
            ( > 0, _) => ParquetEncoding.Dictionary,
            (_, 0) => ParquetEncoding.Plain,
            _ => areSorted ? ParquetEncoding.Prefixes : ParquetEncoding.Lengths,
        }, entries, least, greatest);
    }

    void WriteNumbers(ReadOnlySpan<int> values, ByteBuffer page, ByteBuffer dictionary)
    {
        for (var number = 0; number < _distinct.Count; number++)
        {
            WriteText(dictionary, _distinct[number]);
        }

        var bits = RunLengths.BitsFor(_distinct.Count - 1);
        page.Write((byte)bits);
        RunLengths.Write(page, values, bits);
    }

    /// <summary>All lengths, then all texts: what is alike stands together.</summary>
    void WriteTexts(ReadOnlySpan<int> values, ByteBuffer page)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var prefixes = _prefixes.AsSpan(0, values.Length);
        var lengths = _lengths.AsSpan(0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var text = _distinct[values[i]];
            prefixes[i] = areSorted && i > 0 ? text.CommonPrefixLength(_distinct[values[i - 1]]) : 0;
            lengths[i] = text.Length - prefixes[i];
        }

        if (areSorted)
        {
            Deltas.Write(page, prefixes);
        }

        Deltas.Write(page, lengths);
        for (var i = 0; i < values.Length; i++)
        {
            page.Write(_distinct[values[i]][(int)prefixes[i]..]);
        }
    }

    (byte[]? Least, byte[]? Greatest) FindBounds()
    {
        if (_distinct.Count == 0)
        {
            return (null, null);
        }

        var least = _distinct[0];
        var greatest = least;
        for (var number = 1; number < _distinct.Count; number++)
        {
            var text = _distinct[number];
            least = text.SequenceCompareTo(least) < 0 ? text : least;
            greatest = text.SequenceCompareTo(greatest) > 0 ? text : greatest;
        }

        return (Bound(least), Bound(greatest));
    }

    static byte[]? Bound(ReadOnlySpan<byte> text) => text.Length <= LongestBound ? text.ToArray() : null;

    static void WriteText(ByteBuffer target, ReadOnlySpan<byte> text)
    {
        target.WriteInt32(text.Length);
        target.Write(text);
    }
}
