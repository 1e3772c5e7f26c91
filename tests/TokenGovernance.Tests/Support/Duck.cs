using System.Globalization;
using DuckDB.NET.Data;

namespace TokenGovernance.Tests;

/// <summary>Parquet files as DuckDB reads them: another program than the one that wrote them.</summary>
static class Duck
{
    /// <summary>The rows of a query; cells as they would stand in a CSV of ours.</summary>
    public static IReadOnlyList<Dictionary<string, string>> Query(string sql)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var zone = connection.CreateCommand();
        zone.CommandText = "SET TimeZone = 'UTC'";
        zone.ExecuteNonQuery();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<Dictionary<string, string>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, column => reader.IsDBNull(column) ? "" : TextOf(reader.GetValue(column))));
        }

        return rows;
    }

    static string TextOf(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        Stream bytes => HexOf(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static string HexOf(Stream bytes)
    {
        using var copy = new MemoryStream();
        bytes.CopyTo(copy);

        return Convert.ToHexStringLower(copy.ToArray());
    }
}
