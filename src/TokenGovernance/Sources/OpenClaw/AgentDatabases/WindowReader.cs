using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Reads facts about sessions from a database: windows, conversations, nodes and lineage.</summary>
/// <remarks>
///     Field by field the first that is known counts: the window, its primary conversation, the node's entry. The entry describes
///     the current session of its key; for older windows of the key it is second-rank evidence. Labels, display names and peers'
///     names are not read.
/// </remarks>
static class WindowReader
{
    /// <summary>Where the entry of a session names the session of Claude Code that answers in it.</summary>
    const string ClaudeSession = "$.cliSessionBindings.\"claude-cli\".sessionId";

    /// <summary>Returns facts that are not older than a time, and the newest time among them.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="tables">What it has.</param>
    /// <param name="location">Whose it is.</param>
    /// <param name="jobNames">Names of cron jobs by id.</param>
    /// <param name="sinceMs">`updated_at` from which on to read; 0 reads all, NULL none for its time.</param>
    /// <param name="sessionIds">Sessions to read whatever their times: a migration brings them in with the times they had before.</param>
    public static (List<SessionInfo> Sessions, long UpdatedAt) Read(
        SqliteConnection connection, DatabaseTables tables, DatabaseLocation location,
        IReadOnlyDictionary<string, string> jobNames, long? sinceMs, IEnumerable<string> sessionIds)
    {
        var sessions = new List<SessionInfo>();
        var newest = sinceMs ?? 0;
        if (!tables.Has("session_windows", "session_id", "session_key"))
        {
            return (sessions, newest);
        }

        using var command = connection.CreateCommand();
        command.CommandText = Sql(tables, isAll: sinceMs == 0);
        command.Parameters.AddWithValue("$since", sinceMs ?? long.MaxValue);
        command.Parameters.AddWithValue("$ids", new JsonArray([.. sessionIds.Select(id => JsonValue.Create(id))]).ToJsonString());
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            newest = Math.Max(newest, reader.GetInt64(16));
            Add(reader, location.Session(reader.GetString(0)), jobNames, sessions);
        }

        return (sessions, newest);
    }

    /// <summary>Returns the sessions of Claude Code that answer in sessions now, of those sessions that were updated at a time or later.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="sinceMs">That time; NULL for all.</param>
    /// <returns>The ids, and the newest time of an update; NULL where the database does not tell.</returns>
    public static (IReadOnlyList<string> Ids, long? UpdatedAt) ReadClaudeSessions(SqliteConnection connection, long? sinceMs)
    {
        var found = new List<string>();
        var tables = new DatabaseTables(connection);
        if (!tables.Has("session_nodes", "entry_json"))
        {
            return (found, null);
        }

        var tellsTimes = tables.Has("session_nodes", "updated_at");
        var newest = sinceMs;
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT CASE WHEN json_valid(entry_json) THEN entry_json ->> '{ClaudeSession}' END, {(tellsTimes ? "updated_at" : "NULL")} FROM session_nodes
            {(tellsTimes && sinceMs is not null ? "WHERE updated_at >= $since" : "")}
            """;
        command.Parameters.AddWithValue("$since", sinceMs ?? 0);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            newest = reader.IsDBNull(1) ? newest : Math.Max(newest ?? 0, reader.GetInt64(1));
            if (Text(reader, 0) is { } id)
            {
                found.Add(id);
            }
        }

        return (found, newest);
    }

    static void Add(
        SqliteDataReader row, SessionIdentity session, IReadOnlyDictionary<string, string> jobNames, List<SessionInfo> sessions)
    {
        var key = Text(row, 1);
        var isCurrent = Text(row, 2) is not { } current || current == session.SessionId;
        var entryChannel = Text(row, 5);
        var entryChatType = Text(row, 8);
        var entryOrigin = Text(row, 9);
        var jobId = SessionKey.Parse(key).JobId;

        sessions.Add(new SessionInfo(session)
        {
            SessionKey = key,
            Channel = Text(row, 3) ?? Text(row, 4) ?? (isCurrent ? entryChannel : null),
            ChatType = Text(row, 6) ?? Text(row, 7) ?? (isCurrent ? entryChatType : null),
            OriginProvider = isCurrent ? entryOrigin : null,
            ClaudeSessionId = isCurrent ? Text(row, 18) : null,
            SpawnedBy = Text(row, 10) ?? Text(row, 11),
            ParentSessionKey = Text(row, 12) ?? Text(row, 13),
            IsHook = Text(row, 14) is not null,
            CreatedVia = Text(row, 15),
            JobName = jobId is null ? null : jobNames.GetValueOrDefault(jobId),
            IsFork = !row.IsDBNull(17),
        });
        if (!isCurrent && (entryChannel ?? entryChatType ?? entryOrigin) is not null)
        {
            sessions.Add(new SessionInfo(session)
            {
                Channel = entryChannel,
                ChatType = entryChatType,
                OriginProvider = entryOrigin,
                IsFallback = true,
            });
        }
    }

    static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) || row.GetString(column) is "" ? null : JsonText.Bounded(row.GetString(column));

    /// <summary>The query: of all windows, or of those that are `$since` or later or whose session is in the JSON array `$ids`.</summary>
    public static string Sql(DatabaseTables tables, bool isAll)
    {
        string Window(string column) => tables.Sql("session_windows", "w", column);
        string Conversation(string column) => tables.Has("conversations", "conversation_id") ? tables.Sql("conversations", "c", column) : "NULL";
        var hasNodes = tables.Has("session_nodes", "session_key");
        string Node(string column) => hasNodes ? tables.Sql("session_nodes", "n", column) : "NULL";
        string Entry(params string[] paths) => hasNodes && tables.Has("session_nodes", "entry_json")
            ? $"CASE WHEN json_valid(n.entry_json) THEN coalesce({string.Join(", ", paths.Select(path => $"n.entry_json ->> '{path}'"))}, NULL) END"
            : "NULL";

        var nodes = hasNodes ? "LEFT JOIN session_nodes AS n ON n.session_key = w.session_key" : "";
        var primary = tables.Has("session_conversations", "session_id", "conversation_id", "role")
            ? "(SELECT conversation_id FROM session_conversations WHERE session_id = w.session_id AND role = 'primary')"
            : "NULL";
        var conversations = tables.Has("conversations", "conversation_id")
            ? $"LEFT JOIN conversations AS c ON c.conversation_id = coalesce({Window("primary_conversation_id")}, {primary})"
            : "";
        var updatedAt = $"max(coalesce({Window("updated_at")}, 0), coalesce({Node("updated_at")}, 0))";

        return $"""
            SELECT w.session_id, w.session_key, {Node("current_session_id")},
              {Window("channel")}, {Conversation("channel")},
              {Entry("$.delivery.context.channel", "$.lastChannel", "$.deliveryContext.channel", "$.route.channel", "$.channel")},
              {Window("chat_type")}, {Conversation("kind")}, {Entry("$.chatType", "$.delivery.origin.chatType", "$.origin.chatType")},
              {Entry("$.delivery.origin.provider", "$.origin.provider")},
              {Window("spawned_by")}, coalesce({Node("spawned_by")}, {Entry("$.spawnedBy")}),
              {Window("parent_session_key")},
              coalesce({Node("parent_session_key")}, {Node("fork_source_session_key")}, {Entry("$.parentSessionKey")}),
              {Window("hook_external_content_source")}, {Node("created_via")}, {updatedAt}, {Window("previous_session_id")},
              {Entry(ClaudeSession)}
            FROM {(isAll ? "" : $"({Recent(tables, hasNodes)}) AS r CROSS JOIN ")}session_windows AS w {(isAll ? "" : "ON w.session_id = r.id")} {nodes} {conversations}
            """;
    }

    /// <summary>Sessions by the indexes on `updated_at`: windows that changed, and windows of nodes that changed.</summary>
    static string Recent(DatabaseTables tables, bool hasNodes)
    {
        var recent = "SELECT value AS id FROM json_each($ids)";
        if (tables.Has("session_windows", "updated_at"))
        {
            recent += " UNION SELECT session_id FROM session_windows WHERE updated_at >= $since";
        }

        if (hasNodes && tables.Has("session_nodes", "updated_at"))
        {
            recent += """
                 UNION SELECT v.session_id FROM session_nodes AS m CROSS JOIN session_windows AS v ON v.session_key = m.session_key
                WHERE m.updated_at >= $since
                """;
        }

        return recent;
    }
}
