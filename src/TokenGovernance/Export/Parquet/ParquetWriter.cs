namespace TokenGovernance.Export.Parquet;

/// <summary>Writes a Parquet file of flat columns, one row group at a time; see https://parquet.apache.org/docs/file-format.</summary>
/// <remarks>
///     Each column of a row group is one data page (version 1) with at most one dictionary: what every reader has known for years. It may be
///     used for one file after the other.
/// </remarks>
/// <param name="columns">The columns of its files.</param>
/// <param name="compression">How pages are compressed.</param>
/// <param name="createdBy">Which program wrote the files.</param>
sealed class ParquetWriter(IReadOnlyList<ParquetColumn> columns, ParquetCompression compression, string createdBy) : IDisposable
{
    /// <summary>The most rows of a row group.</summary>
    public const int RowGroupSize = 65_536;

    readonly ColumnBuffer[] _columns = [.. columns.Select(column => ColumnBuffer.For(column.Type))];
    readonly PageCompressor _compressor = new(compression);
    readonly ByteBuffer _page = new(), _dictionary = new(), _compressed = new(), _output = new();
    readonly List<RowGroupMeta> _groups = [];
    Stream _file = Stream.Null;
    long _position;
    int _rows;

    public IReadOnlyList<ParquetColumn> Columns => columns;

    /// <summary>How many bytes the file has by now.</summary>
    public long Length => _position;

    /// <summary>Begins a file.</summary>
    public void Begin(Stream file)
    {
        _file = file;
        _position = 0;
        _groups.Clear();
        Clear();
        _output.Write(ParquetFooter.Magic);
        WriteOut();
    }

    /// <summary>How many rows the row group has. Their cells can be set in any order; the others are NULL.</summary>
    public void SetRows(int rows) => _rows = rows;

    /// <summary>A column of the row group.</summary>
    public ColumnBuffer this[int column] => _columns[column];

    /// <summary>Writes the row group, and begins another one.</summary>
    public void EndRowGroup()
    {
        var begin = _position;
        var chunks = new List<ChunkMeta>(_columns.Length);
        for (var column = 0; column < _columns.Length; column++)
        {
            chunks.Add(WriteChunk(column));
        }

        _groups.Add(new RowGroupMeta(begin, _position - begin, _rows, chunks));
        Clear();
    }

    /// <summary>Writes what tells where everything is.</summary>
    public void End()
    {
        ParquetFooter.Write(_output, columns, compression, _groups, createdBy);
        WriteOut();
        _file = Stream.Null;
    }

    public void Dispose() => _compressor.Dispose();

    void Clear()
    {
        _rows = 0;
        Array.ForEach(_columns, column => column.Clear());
    }

    ChunkMeta WriteChunk(int column)
    {
        _page.Clear();
        _dictionary.Clear();
        var content = _columns[column].Write(_rows, _page, _dictionary);
        var begin = _position;
        var plain = content.Entries > 0
            ? WritePage(_dictionary, (page, sizes) => ParquetFooter.WriteDictionaryHeader(page, sizes, content.Entries))
            : 0;
        var data = _position;
        plain += WritePage(_page, (page, sizes) => ParquetFooter.WriteDataHeader(page, sizes, _rows, content.Encoding));

        return new ChunkMeta(content, begin, data, plain, _position - begin, _rows);
    }

    /// <returns>The size of the page and its header before compression.</returns>
    long WritePage(ByteBuffer page, Action<ByteBuffer, (int Plain, int Compressed)> writeHeader)
    {
        _compressed.Clear();
        _compressor.Write(page.Written, _compressed);
        writeHeader(_output, (page.Length, _compressed.Length));
        var header = _output.Length;
        _output.Write(_compressed.Written);
        WriteOut();

        return header + page.Length;
    }

    void WriteOut()
    {
        _file.Write(_output.Written);
        _position += _output.Length;
        _output.Clear();
    }
}

/// <summary>Where a row group is.</summary>
sealed record RowGroupMeta(long Position, long Length, int Rows, IReadOnlyList<ChunkMeta> Chunks);

/// <summary>Where a column of a row group is, and what is in it.</summary>
/// <param name="Position">Of its first page.</param>
/// <param name="DataPosition">Of its page of data.</param>
/// <param name="PlainLength">Its length before compression.</param>
/// <param name="Length">Its length in the file.</param>
sealed record ChunkMeta(ColumnContent Content, long Position, long DataPosition, long PlainLength, long Length, int Rows);
