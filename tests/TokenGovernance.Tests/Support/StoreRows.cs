using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests;

/// <summary>What a store holds, read with plain SQL.</summary>
static class StoreRows
{
    /// <summary>All events by the time they were written, then by id.</summary>
    public static IReadOnlyList<Row> Events(string db) => Query(db, "SELECT * FROM usage_events ORDER BY event_ts, entry_id, id");

    public static IReadOnlyList<Row> Query(string db, string sql)
    {
        using var connection = Connect(db);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            rows.Add(new Row(Enumerable.Range(0, reader.FieldCount)
                .ToDictionary(reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column))));
        }

        return rows;
    }

    public static void Execute(string db, string sql)
    {
        using var connection = Connect(db);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static SqliteConnection Connect(string db)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = db, Pooling = false }.ToString());
        connection.Open();

        return connection;
    }
}

/// <summary>One row; cells by the name of their column.</summary>
sealed class Row(IReadOnlyDictionary<string, object?> cells)
{
    public IEnumerable<string> Columns => cells.Keys;

    public object? this[string column] => cells[column];

    public string? Text(string column) => cells[column] is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public long? Number(string column) => (long?)cells[column];

    /// <summary>The cells of some columns, `column=value` each.</summary>
    public IEnumerable<string> Show(params IEnumerable<string> columns) => columns.Select(column => $"{column}={Text(column) ?? "NULL"}");

    public override string ToString() => string.Join(", ", Show(cells.Keys));
}
