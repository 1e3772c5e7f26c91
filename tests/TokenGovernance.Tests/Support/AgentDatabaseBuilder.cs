using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests;

/// <summary>An agent's database with OpenClaw's tables, less those and the columns that a test leaves out, and without its checks.</summary>
sealed class AgentDatabaseBuilder
{
    static readonly (string Name, string[] Columns, string Key)[] Tables =
    [
        ("session_windows",
            [
                "session_id", "session_key", "previous_session_id", "reason", "created_at", "updated_at", "chat_type", "channel",
                "primary_conversation_id", "parent_session_key", "spawned_by", "hook_external_content_source", "display_name",
            ],
            "session_id"),
        ("session_nodes",
            [
                "session_key", "current_session_id", "entry_json", "updated_at", "created_via", "parent_session_key", "spawned_by",
                "fork_source_session_key", "fork_source_session_id", "label",
            ],
            "session_key"),
        ("conversations", ["conversation_id", "channel", "account_id", "kind", "peer_id", "label"], "conversation_id"),
        ("session_conversations", ["session_id", "conversation_id", "role"], "session_id, conversation_id, role"),
        ("transcript_events",
            ["session_id", "seq", "event_json", "created_at", "event_zstd", "event_utf8_bytes", "navigation_json"], "session_id, seq"),
        ("transcript_rewrite_watermarks", ["session_id", "generation", "updated_at"], "session_id"),
        ("session_transcript_archives",
            ["session_id", "generation", "session_key", "reason", "encoding", "archive_blob", "archive_sha256", "archive_name"],
            "session_id, generation"),
        ("session_transcript_cold_archives",
            ["session_id", "generation", "archive_name", "archive_sha256", "event_count", "last_seq", "storage", "archive_blob"], "session_id"),
        ("trajectory_runtime_events", ["session_id", "seq", "run_id", "event_json", "created_at"], "session_id, seq"),
    ];

    readonly HashSet<string> _without;

    /// <param name="path">Where to make it.</param>
    /// <param name="without">Tables, and columns as `table.column`, that it lacks.</param>
    public AgentDatabaseBuilder(string path, params string[] without)
    {
        Path = path;
        _without = [.. without];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using var connection = Connect();
        Execute(connection, "PRAGMA journal_mode = WAL");
        foreach (var (name, columns, key) in Tables.Where(table => !_without.Contains(table.Name)))
        {
            var kept = columns.Where(column => !_without.Contains($"{name}.{column}"));
            Execute(connection, $"CREATE TABLE {name} ({string.Join(", ", kept)}, PRIMARY KEY ({key}))");
        }
    }

    public string Path { get; }

    /// <summary>Connects as the gateway does; as long as it is connected, `-wal` and `-shm` stay.</summary>
    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA synchronous = OFF");

        return connection;
    }

    public void Execute(string sql, params (string Name, object? Value)[] values)
    {
        using var connection = Connect();
        Execute(connection, sql, values);
    }

    public static void Execute(SqliteConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue("$" + name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Inserts a row; columns that this database lacks are left out.</summary>
    public void Insert(string table, params (string Name, object? Value)[] values)
    {
        using var connection = Connect();
        Insert(connection, table, values);
    }

    /// <summary>Appends entries to a session, as plain text.</summary>
    public void Append(string session, params string[] entries)
    {
        using var connection = Connect();
        foreach (var entry in entries)
        {
            Append(connection, session, entry);
        }
    }

    public void Append(SqliteConnection connection, string session, string entry) => AppendRow(connection, session, entry, null);

    /// <summary>Appends entries to a session, one frame each.</summary>
    public void AppendCompressed(string session, params string[] entries) =>
        AppendFrames(session, [.. entries.Select(RawFrame.Of)]);

    public void AppendFrames(string session, params byte[][] frames)
    {
        using var connection = Connect();
        foreach (var frame in frames)
        {
            AppendRow(connection, session, null, frame);
        }
    }

    /// <summary>Appends a row with whatever payloads.</summary>
    public void AppendRow(string session, string? text, byte[]? frame)
    {
        using var connection = Connect();
        AppendRow(connection, session, text, frame);
    }

    public void SetGeneration(string session, string generation) =>
        Insert("transcript_rewrite_watermarks", ("session_id", session), ("generation", generation), ("updated_at", 1));

    /// <summary>Adds or replaces a window; columns that are not named are NULL.</summary>
    public void Window(string session, string key, params (string Name, object? Value)[] more) =>
        Insert("session_windows", [("session_id", session), ("session_key", key), .. Times(more), .. more]);

    /// <summary>Adds or replaces a node; columns that are not named are NULL.</summary>
    public void Node(string key, string session, params (string Name, object? Value)[] more) =>
        Insert("session_nodes", [("session_key", key), ("current_session_id", session), .. Times(more), .. more]);

    /// <summary>Removes the rows of a session and all that is said of it, as deleting does.</summary>
    public void Remove(string session)
    {
        foreach (var table in Tables.Where(table => table.Columns.Contains("session_id") && !_without.Contains(table.Name)))
        {
            if (!table.Name.EndsWith("_archives", StringComparison.Ordinal))
            {
                Execute($"DELETE FROM {table.Name} WHERE session_id = $id", ("id", session));
            }
        }
    }

    void AppendRow(SqliteConnection connection, string session, string? text, byte[]? frame)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(seq) + 1, 0) FROM transcript_events WHERE session_id = $session";
        command.Parameters.AddWithValue("$session", session);
        Insert(
            connection, "transcript_events", ("session_id", session), ("seq", command.ExecuteScalar()), ("event_json", text),
            ("created_at", 1), ("event_zstd", frame));
    }

    void Insert(SqliteConnection connection, string table, params (string Name, object? Value)[] values)
    {
        var kept = values.Where(value => !_without.Contains($"{table}.{value.Name}")).ToArray();
        if (!_without.Contains(table))
        {
            Execute(
                connection,
                $"INSERT OR REPLACE INTO {table} ({string.Join(", ", kept.Select(v => v.Name))}) VALUES ({string.Join(", ", kept.Select(v => "$" + v.Name))})",
                kept);
        }
    }

    static (string, object?)[] Times((string Name, object? Value)[] given) =>
        given.Any(value => value.Name == "updated_at") ? [] : [("updated_at", Some.Ms("10:00"))];
}

/// <summary>Databases where OpenClaw has them.</summary>
static class AgentDatabases
{
    public static string StoreOf(this TestHome home, string agent = "main") =>
        Path.Combine(home.Path, "agents", agent, "agent", "openclaw-agent.sqlite");

    /// <summary>Makes the database of agent `main`.</summary>
    public static AgentDatabaseBuilder MakeStore(this TestHome home, params string[] without) => new(home.StoreOf(), without);

    public static AgentDatabaseBuilder MakeStoreOf(this TestHome home, string agent) => new(home.StoreOf(agent));
}
