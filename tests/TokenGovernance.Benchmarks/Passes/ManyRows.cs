using Microsoft.Data.Sqlite;
using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>All sessions in one database, with the tables and indexes that OpenClaw 2026.9.6 has; its connection stays open as a gateway's does.</summary>
/// <param name="folder">The state directory.</param>
/// <param name="sessions">How many.</param>
/// <param name="isFlushed">Each commit is flushed to the disk.</param>
sealed class ManyRows(string folder, int sessions, bool isFlushed) : ManySessions(folder, sessions)
{
    const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = OFF;
        CREATE TABLE session_windows (session_id TEXT NOT NULL PRIMARY KEY, session_key TEXT NOT NULL, previous_session_id TEXT,
          created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, transcript_updated_at INTEGER, chat_type TEXT, channel TEXT,
          primary_conversation_id TEXT, hook_external_content_source TEXT, parent_session_key TEXT, spawned_by TEXT) STRICT;
        CREATE INDEX idx_agent_session_windows_updated_at ON session_windows(updated_at DESC, session_id);
        CREATE INDEX idx_agent_session_windows_session_key ON session_windows(session_key, updated_at DESC, session_id);
        CREATE TABLE session_nodes (session_key TEXT NOT NULL PRIMARY KEY, current_session_id TEXT NOT NULL, entry_json TEXT NOT NULL,
          updated_at INTEGER NOT NULL, created_via TEXT, parent_session_key TEXT, spawned_by TEXT, fork_source_session_key TEXT) STRICT;
        CREATE INDEX idx_agent_session_nodes_updated_at ON session_nodes(updated_at DESC, session_key);
        CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL,
          event_zstd BLOB, event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)) STRICT;
        CREATE TABLE transcript_rewrite_watermarks (session_id TEXT NOT NULL PRIMARY KEY, generation TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;
        CREATE TABLE trajectory_runtime_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, run_id TEXT, event_json TEXT NOT NULL,
          created_at INTEGER NOT NULL, PRIMARY KEY (session_id, seq)) STRICT;
        """;

    SqliteConnection? _gateway;

    public override void Write()
    {
        var path = Path.Combine(Folder, "agents", "main", "agent", "openclaw-agent.sqlite");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _gateway = new SqliteConnection($"Data Source={path};Pooling=False");
        _gateway.Open();
        Run(Schema);
        Run("BEGIN");
        for (var session = 0; session < Sessions; session++)
        {
            Run("INSERT INTO session_windows VALUES ($p0, $p1, NULL, $p2, $p2, $p2, 'direct', 'telegram', NULL, NULL, NULL, NULL)", IdOf(session), KeyOf(session), Clock.StartMs);
            Run("INSERT INTO session_nodes VALUES ($p0, $p1, '{}', $p2, 'channel', NULL, NULL, NULL)", KeyOf(session), IdOf(session), Clock.StartMs);
            Run("INSERT INTO transcript_rewrite_watermarks VALUES ($p0, 'g1', $p1)", IdOf(session), Clock.StartMs);
            Run("INSERT INTO trajectory_runtime_events VALUES ($p0, 0, NULL, '{\"type\":\"session.started\",\"data\":{\"trigger\":\"user\"}}', $p1)", IdOf(session), Clock.StartMs);
            AddRow(session, Header(session));
            AddRow(session, NextResponse());
        }

        Run("COMMIT");
        Run("PRAGMA wal_checkpoint(TRUNCATE)");
        if (isFlushed)
        {
            Run("PRAGMA synchronous = FULL");
        }
    }

    public override void AddResponse(int session)
    {
        Run("BEGIN");
        AddRow(session, NextResponse());
        Run("UPDATE session_windows SET updated_at = $p1, transcript_updated_at = $p1 WHERE session_id = $p0", IdOf(session), Clock.EndMs + Expected.Events);
        Run("UPDATE session_nodes SET updated_at = $p1 WHERE session_key = $p0", KeyOf(session), Clock.EndMs + Expected.Events);
        Run("COMMIT");
    }

    public override void Dispose() => _gateway?.Dispose();

    void AddRow(int session, string json) => Run(
        "INSERT INTO transcript_events VALUES ($p0, (SELECT coalesce(max(seq) + 1, 0) FROM transcript_events WHERE session_id = $p0), $p1, $p2, NULL, NULL, NULL)",
        IdOf(session), json, Clock.StartMs);

    void Run(string sql, params ReadOnlySpan<object> values)
    {
        using var command = _gateway!.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"$p{i}", values[i]);
        }

        command.ExecuteNonQuery();
    }
}
