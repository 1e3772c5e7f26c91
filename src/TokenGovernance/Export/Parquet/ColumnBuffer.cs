namespace TokenGovernance.Export.Parquet;

/// <summary>The cells of one column of a row group. They may be set in any order; those that are not set are NULL.</summary>
abstract class ColumnBuffer
{
    readonly int[] _present = new int[ParquetWriter.RowGroupSize];
    int _end;

    /// <summary>Makes one for a type of cells.</summary>
    public static ColumnBuffer For(ParquetType type) => type switch
    {
        ParquetType.Text => new BytesBuffer(areSorted: false),
        ParquetType.Bytes => new BytesBuffer(areSorted: true),
        _ => new NumberBuffer(type),
    };

    /// <summary>Forgets all cells.</summary>
    public virtual void Clear()
    {
        Array.Clear(_present, 0, _end);
        _end = 0;
    }

    public virtual void Set(int row, long value) => throw new InvalidOperationException("no column of numbers");

    public virtual void Set(int row, double value) => throw new InvalidOperationException("no column of doubles");

    public virtual void Set(int row, ReadOnlySpan<byte> value) => throw new InvalidOperationException("no column of text");

    /// <summary>Writes which cells are there, and the values of those.</summary>
    /// <param name="rows">How many rows the group has.</param>
    /// <param name="page">The page of data.</param>
    /// <param name="dictionary">What the values of the page are numbers of, if that is shorter; else it stays empty.</param>
    public ColumnContent Write(int rows, ByteBuffer page, ByteBuffer dictionary)
    {
        var present = _present.AsSpan(0, rows);

        // Before the levels stands how many bytes they have.
        var start = page.Length;
        page.WriteInt32(0);
        RunLengths.Write(page, present, bits: 1);
        page.PatchInt32(start, page.Length - start - sizeof(int));

        var content = WriteValues(present, page, dictionary);

        return content with { Nulls = rows - present.Count(1) };
    }

    /// <summary>Notes that a cell is there.</summary>
    /// <summary>Moves the values of rows that have one together, in the order of rows.</summary>
    protected static Span<T> Keep<T>(ReadOnlySpan<int> present, T[] values, T[] kept)
    {
        var count = 0;
        for (var row = 0; row < present.Length; row++)
        {
            if (present[row] != 0)
            {
                kept[count++] = values[row];
            }
        }

        return kept.AsSpan(0, count);
    }

    protected void Note(int row)
    {
        _present[row] = 1;
        _end = Math.Max(_end, row + 1);
    }

    protected abstract ColumnContent WriteValues(ReadOnlySpan<int> present, ByteBuffer page, ByteBuffer dictionary);
}

/// <summary>What is to be said of a written column of a row group.</summary>
/// <param name="Encoding">How the values are written.</param>
/// <param name="Entries">How many entries the dictionary has; 0: there is none.</param>
/// <param name="Least">The least value, as it stands in the file; NULL: not said.</param>
/// <param name="Greatest">The greatest value.</param>
/// <param name="Nulls">How many cells are NULL.</param>
readonly record struct ColumnContent(ParquetEncoding Encoding, int Entries, byte[]? Least, byte[]? Greatest, int Nulls = 0);

/// <summary>How values are written, numbered as in the files.</summary>
enum ParquetEncoding
{
    Plain = 0,
    RunLengths = 3,
    Deltas = 5,
    Lengths = 6,
    Prefixes = 7,
    Dictionary = 8,
}
