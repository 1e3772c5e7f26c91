using Microsoft.Data.Sqlite;

namespace TokenGovernance.Sources.AgentStores;

/// <summary>The tables and columns a database has: versions differ, and only what is there counts, not the number.</summary>
sealed class StoreTables
{
    readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);

    public StoreTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT m.name, c.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table'";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var table = reader.GetString(0);
            if (!_columns.TryGetValue(table, out var columns))
            {
                _columns[table] = columns = new HashSet<string>(StringComparer.Ordinal);
            }

            columns.Add(reader.GetString(1));
        }
    }

    public bool Has(string table) => _columns.ContainsKey(table);

    public bool Has(string table, params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            if (!_columns.TryGetValue(table, out var known) || !known.Contains(column))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The column as SQL, or `NULL` where this version does not have it.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="alias">Its alias in the query.</param>
    /// <param name="column">The column's name.</param>
    public string Sql(string table, string alias, string column) => Has(table, column) ? $"{alias}.{column}" : "NULL";
}
