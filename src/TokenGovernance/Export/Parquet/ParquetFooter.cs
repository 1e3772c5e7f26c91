namespace TokenGovernance.Export.Parquet;

/// <summary>The headers of pages, and the footer that says what is where. Numbers of fields and values are those of `parquet.thrift`.</summary>
static class ParquetFooter
{
    const int FormatVersion = 1;
    const int Optional = 1;
    const int DataPage = 0, DictionaryPage = 2;
    const int ConvertedText = 0, ConvertedMicros = 10;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    public static void WriteDictionaryHeader(ByteBuffer target, (int Plain, int Compressed) sizes, int entries) =>
        ThriftStruct.Write(target, header => header
            .I32(1, DictionaryPage)
            .I32(2, sizes.Plain)
            .I32(3, sizes.Compressed)
            .Nested(7, page => page.I32(1, entries).I32(2, (int)ParquetEncoding.Plain)));

    public static void WriteDataHeader(ByteBuffer target, (int Plain, int Compressed) sizes, int rows, ParquetEncoding encoding) =>
        ThriftStruct.Write(target, header => header
            .I32(1, DataPage)
            .I32(2, sizes.Plain)
            .I32(3, sizes.Compressed)
            .Nested(5, page => page.I32(1, rows).I32(2, (int)encoding).I32(3, (int)ParquetEncoding.RunLengths).I32(4, (int)ParquetEncoding.RunLengths)));

    /// <summary>Writes the footer, its length and the end of the file.</summary>
    public static void Write(
        ByteBuffer target, IReadOnlyList<ParquetColumn> columns, ParquetCompression compression, IReadOnlyList<RowGroupMeta> groups, string createdBy)
    {
        var start = target.Length;
        ThriftStruct.Write(target, file => file
            .I32(1, FormatVersion)
            .StructList<ParquetColumn?>(2, [null, .. columns], (element, column) => WriteElement(element, column, columns.Count))
            .I64(3, groups.Sum(group => (long)group.Rows))
            .StructList(4, groups, (element, group) => WriteGroup(element, group, columns, compression))
            .Text(6, createdBy)

            // Bounds are to be compared by the order of the type.
            .StructList(7, columns, (order, _) => order.Nested(1, _ => { })));
        target.WriteInt32(target.Length - start);
        target.Write(Magic);
    }

    static void WriteElement(ThriftStruct element, ParquetColumn? column, int count)
    {
        if (column is null)
        {
            element.Text(4, "schema").I32(5, count);

            return;
        }

        element.I32(1, PhysicalType(column.Type)).I32(3, Optional).Text(4, column.Name);
        switch (column.Type)
        {
            case ParquetType.Text:
                element.I32(6, ConvertedText).Nested(10, logical => logical.Nested(1, _ => { }));
                break;
            case ParquetType.Timestamp:
                element.I32(6, ConvertedMicros).Nested(10, logical => logical.Nested(8, time => time.Bool(1, true).Nested(2, unit => unit.Nested(2, _ => { }))));
                break;
        }
    }

    static void WriteGroup(ThriftStruct element, RowGroupMeta group, IReadOnlyList<ParquetColumn> columns, ParquetCompression compression) => element
        .StructList(1, [.. columns.Zip(group.Chunks)], (chunk, pair) => chunk
            .I64(2, pair.Second.Position)
            .Nested(3, meta => WriteChunk(meta, pair.First, pair.Second, compression)))
        .I64(2, group.Chunks.Sum(chunk => chunk.PlainLength))
        .I64(3, group.Rows)
        .I64(5, group.Position)
        .I64(6, group.Length);

    static void WriteChunk(ThriftStruct meta, ParquetColumn column, ChunkMeta chunk, ParquetCompression compression)
    {
        var hasDictionary = chunk.Content.Entries > 0;
        meta
            .I32(1, PhysicalType(column.Type))
            .I32List(2, [.. new[] { ParquetEncoding.Plain, ParquetEncoding.RunLengths, chunk.Content.Encoding }.Distinct().Select(encoding => (int)encoding)])
            .TextList(3, column.Name)
            .I32(4, (int)compression)
            .I64(5, chunk.Rows)
            .I64(6, chunk.PlainLength)
            .I64(7, chunk.Length)
            .I64(9, chunk.DataPosition);
        if (hasDictionary)
        {
            meta.I64(11, chunk.Position);
        }

        meta.Nested(12, statistics => WriteStatistics(statistics, chunk.Content));
    }

    static void WriteStatistics(ThriftStruct statistics, ColumnContent content)
    {
        statistics.I64(3, content.Nulls);
        if (content is { Least: { } least, Greatest: { } greatest })
        {
            statistics.Bytes(5, greatest).Bytes(6, least);
        }
    }

    static int PhysicalType(ParquetType type) => type switch
    {
        ParquetType.Integer or ParquetType.Timestamp => 2,
        ParquetType.Double => 5,
        _ => 6,
    };
}
