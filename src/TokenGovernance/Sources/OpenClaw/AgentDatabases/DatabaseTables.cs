using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

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

    /// <summary>All that is ever asked for. Others are left alone: some are virtual, of modules that are not here.</summary>
    static readonly string[] Needed =
    [
        "agent_databases", "conversations", "cron_jobs", "plugin_state_entries", "schema_meta", "session_conversations", "session_nodes",
        "session_transcript_archives", "session_transcript_cold_archives", "session_windows", "trajectory_runtime_events",
        "transcript_events", "transcript_rewrite_watermarks",
    ];

    readonly Dictionary<string, HashSet<string>> _columns = new(StringComparer.Ordinal);

    public DatabaseTables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_info($table)";
        var table = command.Parameters.Add("$table", SqliteType.Text);
        foreach (var name in Needed)
        {
            table.Value = name;
            var columns = ReadColumns(command);
            if (columns.Count > 0)
            {
                _columns.Add(name, columns);
            }
        }

        (SchemaVersion, AppVersion) = ReadVersion(connection);
        using var encoding = connection.CreateCommand();
        encoding.CommandText = "PRAGMA encoding";
        IsUtf16 = encoding.ExecuteScalar() is string how && how.StartsWith("UTF-16", StringComparison.Ordinal);
    }

    /// <summary>A number that changes whenever the schema of a database does.</summary>
    public static long ReadSchemaCookie(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA schema_version";

        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Its text is kept in UTF-16.</summary>
    public bool IsUtf16 { get; }

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

    /// <summary>The rows of a query.</summary>
    public SqliteRows Query(SqliteConnection connection, string sql) => new(connection, sql, IsUtf16);

    /// <summary>The column as SQL, or `NULL` where this version does not have it.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="alias">Its alias in the query.</param>
    /// <param name="column">The column's name.</param>
    public string Sql(string table, string alias, string column) => Has(table, column) ? $"{alias}.{column}" : "NULL";

    static HashSet<string> ReadColumns(SqliteCommand command)
    {
        var columns = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                columns.Add(reader.GetString(0));
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_ERROR)
        {
            // A virtual table, of a module that is not here, under a name that we look for: as if it were not there.
        }

        return columns;
    }

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
