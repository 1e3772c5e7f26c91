using Microsoft.Data.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>The tables and columns a database has: versions differ, and only what is there counts, not the number.</summary>
sealed class DatabaseTables
{
    /// <summary>The newest schema whose tables are known.</summary>
    public const long KnownVersion = 23;

    /// <summary>Where a session's facts and its generation are expected since <see cref="KnownVersion" />.</summary>
    static readonly (string Table, string[] Columns)[] Expected =
    [
        ("transcript_events", ["event_json", "event_zstd"]),
        ("transcript_rewrite_watermarks", ["session_id", "generation"]),
        ("session_windows", ["session_id", "session_key", "channel", "chat_type"]),
    ];

    readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);

    public DatabaseTables(SqliteConnection connection)
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

        (SchemaVersion, AppVersion) = ReadVersion(connection);
    }

    /// <summary>As the database says.</summary>
    public long SchemaVersion { get; }

    /// <summary>The OpenClaw that made it, or NULL.</summary>
    public string? AppVersion { get; }

    /// <summary>Tables and columns that a newer schema no longer has: attribution may suffer, counting does not.</summary>
    public IReadOnlyList<string> FindMissing() =>
        [.. Expected.SelectMany(table => table.Columns.Where(column => !Has(table.Table, column)).Select(column => $"{table.Table}.{column}"))];

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

    (long Schema, string? App) ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        if (Has("schema_meta", "schema_version", "app_version"))
        {
            command.CommandText = "SELECT schema_version, app_version FROM schema_meta LIMIT 1";
            using var row = command.ExecuteReader();
            if (row.Read())
            {
                return (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1));
            }
        }

        using var version = connection.CreateCommand();
        version.CommandText = "PRAGMA user_version";

        return ((long)version.ExecuteScalar()!, null);
    }
}
