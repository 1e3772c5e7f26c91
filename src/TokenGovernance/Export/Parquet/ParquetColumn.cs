namespace TokenGovernance.Export.Parquet;

/// <summary>A column of a Parquet file. Every cell of it may be NULL.</summary>
sealed record ParquetColumn(string Name, ParquetType Type);

/// <summary>What the cells of a column are.</summary>
enum ParquetType
{
    /// <summary>64 bits with a sign.</summary>
    Integer,

    /// <summary>Microseconds since 1970, UTC: `TIMESTAMP(MICROS, isAdjustedToUTC = true)`.</summary>
    Timestamp,

    Double,

    /// <summary>UTF-8.</summary>
    Text,

    Bytes,
}
