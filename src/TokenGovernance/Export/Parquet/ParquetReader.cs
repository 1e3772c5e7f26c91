using System.Text;
using ZstdSharp;

namespace TokenGovernance.Export.Parquet;

/// <summary>Reads columns of a file that <see cref="ParquetWriter" /> wrote: to see that it is what it should be.</summary>
sealed class ParquetReader : IDisposable
{
    const int TailLength = 8;

    readonly FileStream _file;
    readonly Decompressor _zstd = new();
    readonly ThriftFields _footer;
    readonly List<string> _names;

    /// <exception cref="InvalidDataException">It is no such file, or not whole.</exception>
    public ParquetReader(string path)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            _footer = ReadFooter();
            _names = [.. _footer.Items(2).Skip(1).Select(element => Encoding.UTF8.GetString(((ThriftFields)element).Bytes(4)))];
        }
        catch
        {
            _file.Dispose();
            _zstd.Dispose();

            throw;
        }
    }

    /// <summary>How many rows each row group has.</summary>
    public IReadOnlyList<int> Groups => [.. _footer.Items(4).Select(group => checked((int)((ThriftFields)group).Number(3)))];

    /// <summary>Returns the cells of a column of whole numbers or times.</summary>
    public long?[] ReadNumbers(int group, string column)
    {
        var page = ReadPage(group, column, out var encoding, out var rows, out _);
        var from = new ByteReader(page);
        var present = PageValues.ReadPresent(ref from, rows);

        return Spread(present, encoding is ParquetEncoding.Deltas ? PageValues.ReadDeltas(ref from) : [], value => (long?)value);
    }

    /// <summary>Returns the cells of a column of doubles.</summary>
    public double?[] ReadDoubles(int group, string column)
    {
        var page = ReadPage(group, column, out _, out var rows, out _);
        var from = new ByteReader(page);
        var present = PageValues.ReadPresent(ref from, rows);
        var values = new double[present.Count(1)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.Int64BitsToDouble(from.ReadInt64());
        }

        return Spread(present, values, value => (double?)value);
    }

    /// <summary>Returns the cells of a column of texts or bytes.</summary>
    public byte[]?[] ReadBytes(int group, string column)
    {
        var page = ReadPage(group, column, out var encoding, out var rows, out var dictionary);
        var from = new ByteReader(page);
        var present = PageValues.ReadPresent(ref from, rows);
        if (encoding is not ParquetEncoding.Dictionary)
        {
            return Spread(present, encoding is ParquetEncoding.Plain ? [] : PageValues.ReadTexts(ref from, encoding), value => (byte[]?)value);
        }

        var bits = from.ReadByte();

        return Spread(present, PageValues.ReadRuns(ref from, present.Count(1), bits), number => (byte[]?)dictionary[number]);
    }

    public void Dispose()
    {
        _file.Dispose();
        _zstd.Dispose();
    }

    static TCell[] Spread<T, TCell>(int[] present, T[] values, Func<T, TCell> cellOf)
    {
        var cells = new TCell[present.Length];
        var next = 0;
        for (var row = 0; row < cells.Length; row++)
        {
            if (present[row] != 0)
            {
                cells[row] = next < values.Length ? cellOf(values[next++]) : throw new InvalidDataException("a column has too few values");
            }
        }

        return cells;
    }

    ThriftFields ReadFooter()
    {
        var tail = Read(_file.Length - TailLength, TailLength);
        if (!tail.AsSpan(4).SequenceEqual(ParquetFooter.Magic))
        {
            throw new InvalidDataException("it does not end as a Parquet file");
        }

        var length = new ByteReader(tail).ReadInt32();
        var footer = new ByteReader(Read(_file.Length - TailLength - length, length));

        return ThriftFields.Read(ref footer);
    }

    byte[] ReadPage(int group, string column, out ParquetEncoding encoding, out int rows, out List<byte[]> dictionary)
    {
        var chunks = ((ThriftFields)_footer.Items(4)[group]).Items(1);
        var meta = ((ThriftFields)chunks[_names.IndexOf(column)]).Nested(3);
        var (data, length) = (meta.Number(9), checked((int)meta.Number(7)));
        var begin = meta.Has(11) ? meta.Number(11) : data;
        var chunk = Read(begin, length);
        var codec = (ParquetCompression)meta.Number(4);
        dictionary = begin < data ? ReadDictionary(chunk, codec) : [];
        var (header, page) = Unpack(chunk.AsSpan((int)(data - begin)), codec);
        (encoding, rows) = ((ParquetEncoding)header.Nested(5).Number(2), checked((int)header.Nested(5).Number(1)));

        return page;
    }

    List<byte[]> ReadDictionary(ReadOnlySpan<byte> chunk, ParquetCompression codec)
    {
        var (header, page) = Unpack(chunk, codec);
        var from = new ByteReader(page);
        var entries = new List<byte[]>();
        for (var i = 0L; i < header.Nested(7).Number(1); i++)
        {
            entries.Add(from.Take(from.ReadInt32()).ToArray());
        }

        return entries;
    }

    (ThriftFields Header, byte[] Page) Unpack(ReadOnlySpan<byte> from, ParquetCompression codec)
    {
        var reader = new ByteReader(from);
        var header = ThriftFields.Read(ref reader);
        var compressed = reader.Take(checked((int)header.Number(3)));

        // An empty page stays empty whatever it is compressed with.
        var page = new byte[header.Number(2)];
        var length = codec switch
        {
            ParquetCompression.None => CopyTo(compressed, page),
            ParquetCompression.Zstd => _zstd.Unwrap(compressed, page),
            _ => throw new InvalidDataException($"it is compressed with {codec}"),
        };

        return length == page.Length ? (header, page) : throw new InvalidDataException("a page is shorter than it says");
    }

    static int CopyTo(ReadOnlySpan<byte> from, byte[] to)
    {
        from.CopyTo(to);

        return from.Length;
    }

    byte[] Read(long position, int length)
    {
        if (position < 0 || length < 0 || position + length > _file.Length)
        {
            throw new InvalidDataException("it is cut off");
        }

        var bytes = new byte[length];
        _file.Position = position;
        _file.ReadExactly(bytes);

        return bytes;
    }
}
