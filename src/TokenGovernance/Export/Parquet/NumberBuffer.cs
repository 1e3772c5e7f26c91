using System.Buffers.Binary;

namespace TokenGovernance.Export.Parquet;

/// <summary>Whole numbers, times or doubles.</summary>
sealed class NumberBuffer(ParquetType type) : ColumnBuffer
{
    readonly long[] _values = new long[ParquetWriter.RowGroupSize];
    readonly long[] _kept = new long[ParquetWriter.RowGroupSize];

    public override void Set(int row, long value)
    {
        _values[row] = type is ParquetType.Double ? BitConverter.DoubleToInt64Bits(value) : value;
        Note(row);
    }

    public override void Set(int row, double value)
    {
        _values[row] = BitConverter.DoubleToInt64Bits(value);
        Note(row);
    }

    protected override ColumnContent WriteValues(ReadOnlySpan<int> present, ByteBuffer page, ByteBuffer dictionary)
    {
        var values = Keep(present, _values, _kept);

        return type is ParquetType.Double ? WriteDoubles(page, values) : WriteIntegers(page, values);
    }

    /// <summary>Without bounds: they would have to say what zeros with a sign and what is no number mean.</summary>
    static ColumnContent WriteDoubles(ByteBuffer page, ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            page.WriteInt64(value);
        }

        return new ColumnContent(ParquetEncoding.Plain, 0, null, null);
    }

    static ColumnContent WriteIntegers(ByteBuffer page, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty)
        {
            return new ColumnContent(ParquetEncoding.Plain, 0, null, null);
        }

        Deltas.Write(page, values);
        var (least, greatest) = (values[0], values[0]);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
        }

        return new ColumnContent(ParquetEncoding.Deltas, 0, ToBytes(least), ToBytes(greatest));
    }

    static byte[] ToBytes(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);

        return bytes;
    }
}
