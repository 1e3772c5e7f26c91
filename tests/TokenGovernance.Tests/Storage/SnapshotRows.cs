using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests.Storage;

/// <summary>Reads the stored snapshots the way a user's SQL would: through a connection of its own.</summary>
static class SnapshotRows
{
    /// <summary>Returns the rows of a query on the snapshots, cells as text, NULL as `-`.</summary>
    public static List<string> Query(string storePath, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={storePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "-" : reader.GetString(column))));
        }

        return rows;
    }

    public static int Count(string storePath) => Query(storePath, "SELECT id FROM provider_usage_snapshots").Count;
}
