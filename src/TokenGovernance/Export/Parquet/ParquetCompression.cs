namespace TokenGovernance.Export.Parquet;

/// <summary>How pages are compressed, numbered as in the files.</summary>
enum ParquetCompression
{
    None = 0,
    Snappy = 1,
    Zstd = 6,
}
