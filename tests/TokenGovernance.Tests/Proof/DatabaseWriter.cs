using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests.Proof;

/// <summary>An agent's database as OpenClaw writes it: the tables and columns that usage is read from.</summary>
/// <remarks>The writer keeps its connection open, as a running gateway does, until it is told to close.</remarks>
sealed class DatabaseWriter : IDisposable
{
    const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE session_windows (
          session_id TEXT PRIMARY KEY, session_key TEXT NOT NULL, previous_session_id TEXT, created_at INTEGER NOT NULL,
          updated_at INTEGER NOT NULL) STRICT;
        CREATE TABLE transcript_events (
          session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL, event_zstd BLOB,
          event_utf8_bytes INTEGER, navigation_json TEXT, PRIMARY KEY (session_id, seq)) STRICT;
        CREATE TABLE transcript_rewrite_watermarks (session_id TEXT PRIMARY KEY, generation TEXT NOT NULL, updated_at INTEGER NOT NULL) STRICT;
        CREATE TABLE session_transcript_archives (
          session_id TEXT NOT NULL, generation TEXT NOT NULL, session_key TEXT NOT NULL, encoding TEXT NOT NULL, archive_blob BLOB NOT NULL,
          archive_sha256 TEXT NOT NULL, PRIMARY KEY (session_id, generation)) STRICT;
        CREATE TABLE session_transcript_cold_archives (
          session_id TEXT PRIMARY KEY, generation TEXT NOT NULL, archive_name TEXT NOT NULL, archive_sha256 TEXT NOT NULL,
          storage TEXT NOT NULL, archive_blob BLOB) STRICT;
        PRAGMA user_version = 23;
        """;

    static readonly Lazy<byte[]> Empty = new(() =>
    {
        using var folder = new TempFolder();
        var path = folder["empty.sqlite"];
        using (var connection = Connect(path))
        {
            Run(connection, Schema);
        }

        return File.ReadAllBytes(path);
    });

    readonly string _path;
    readonly string _coldFolder;
    SqliteConnection? _connection;
    SqliteTransaction? _transaction;
    readonly Dictionary<string, DateTime> _stamps = new(StringComparer.Ordinal);
    int _generation;

    public DatabaseWriter(string agentFolder)
    {
        Directory.CreateDirectory(Path.Combine(agentFolder, "agent"));
        _coldFolder = Path.Combine(agentFolder, "sessions", "cold");
        Directory.CreateDirectory(_coldFolder);
        _path = Path.Combine(agentFolder, "agent", "openclaw-agent.sqlite");
        File.WriteAllBytes(_path, Empty.Value);
    }

    public string File1 => _path;

    SqliteConnection Connection => _connection ??= Connect(_path);

    public void Begin() => _transaction = Connection.BeginTransaction();

    public void Commit()
    {
        _transaction?.Commit();
        _transaction = null;
    }

    public void RollBack()
    {
        _transaction?.Rollback();
        _transaction = null;
    }

    /// <summary>Makes a session's window and generation.</summary>
    public void AddSession(string session, string key, string? previous)
    {
        Run("INSERT INTO session_windows VALUES ($p0, $p1, $p2, 1, 1)", session, key, previous);
        Rotate(session);
    }

    /// <summary>Writes an entry; a compressed one is a zstd frame and nothing else.</summary>
    public void Insert(string session, long seq, string json, bool isCompressed) => Run(
        "INSERT INTO transcript_events VALUES ($p0, $p1, $p2, 1, $p3, $p4, $p5)",
        session, seq, isCompressed ? null : json, isCompressed ? Compress(json) : null,
        isCompressed ? Encoding.UTF8.GetByteCount(json) : null, isCompressed ? Navigation(json) : null);

    public void DeleteRows(string session) => Run("DELETE FROM transcript_events WHERE session_id = $p0", session);

    public void DeleteSession(string session)
    {
        DeleteRows(session);
        Run("DELETE FROM transcript_rewrite_watermarks WHERE session_id = $p0", session);
        Run("DELETE FROM session_windows WHERE session_id = $p0", session);
    }

    /// <summary>Says that something else than an append happened to a session.</summary>
    public void Rotate(string session) => Run(
        "INSERT OR REPLACE INTO transcript_rewrite_watermarks VALUES ($p0, $p1, 1)", session, $"g{++_generation}");

    public string Generation(string session)
    {
        using var command = Command("SELECT generation FROM transcript_rewrite_watermarks WHERE session_id = $p0", session);

        return (string)command.ExecuteScalar()!;
    }

    public void Archive(string session, string key, string text, bool isCompressed)
    {
        var blob = isCompressed ? Compress(text) : Encoding.UTF8.GetBytes(text);
        Run(
            "INSERT OR REPLACE INTO session_transcript_archives VALUES ($p0, $p1, $p2, $p3, $p4, $p5)",
            session, Generation(session), key, isCompressed ? "zstd" : "identity", blob, Sha256(blob));
    }

    /// <summary>Moves a session's entries to cold storage.</summary>
    /// <returns>The file, or the database, that holds them now.</returns>
    public string PutInCold(string session, IEnumerable<(long Seq, string Json)> rows, bool inFile)
    {
        var lines = rows.Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"kind":"event","row":{"seq":{{row.Seq}},"event_json":{{System.Text.Json.JsonSerializer.Serialize(row.Json)}},"created_at":1} }"""));
        var blob = Compress(string.Join('\n', lines.Prepend($$"""{"kind":"header","sessionId":"{{session}}","generation":"g"}""")) + "\n");
        var name = $"{Sha256(blob)}.jsonl.zst";
        if (inFile)
        {
            File.WriteAllBytes(Path.Combine(_coldFolder, name), blob);
        }

        Run(
            "INSERT OR REPLACE INTO session_transcript_cold_archives VALUES ($p0, $p1, $p2, $p3, $p4, $p5)",
            session, Generation(session), name, Sha256(blob), inFile ? "file" : "sqlite", inFile ? null : blob);
        DeleteRows(session);

        return inFile ? Path.Combine(_coldFolder, name) : _path;
    }

    public void TakeFromCold(string session, string place)
    {
        Run("DELETE FROM session_transcript_cold_archives WHERE session_id = $p0", session);
        if (place != _path)
        {
            File.Delete(place);
        }
    }

    public void Vacuum() => Run("VACUUM");

    /// <param name="mode">`PASSIVE`, `RESTART` or `TRUNCATE`.</param>
    public void CheckpointWal(string mode) => Run($"PRAGMA wal_checkpoint({mode})");

    /// <summary>Ends the writer: SQLite then removes the WAL.</summary>
    /// <param name="leavesWal">As after a clean stop of OpenClaw: an empty WAL and its index stay.</param>
    public void Close(bool leavesWal = false)
    {
        RollBack();
        _connection?.Dispose();
        _connection = null;
        if (leavesWal)
        {
            File.WriteAllBytes(_path + "-wal", []);
            File.WriteAllBytes(_path + "-shm", []);
        }
    }

    /// <summary>Says of those of its files that were written since the last time that they were written now.</summary>
    public void Stamp(StepClock clock)
    {
        foreach (var path in new[] { _path, _path + "-wal", _coldFolder })
        {
            if (File.GetLastWriteTimeUtc(path) != _stamps.GetValueOrDefault(path))
            {
                clock.Stamp(path);
                _stamps[path] = File.GetLastWriteTimeUtc(path);
            }
        }
    }

    public void Dispose() => Close();

    /// <summary>What OpenClaw repeats of a compressed entry: its type and role, among others, and no usage.</summary>
    static string Navigation(string json)
    {
        var entry = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        var message = entry["message"] is { } written ? new System.Text.Json.Nodes.JsonObject { ["role"] = written["role"]?.DeepClone() } : null;

        return $$$"""{"version":1,"report":{"kind":"canonical"},"navigation":{"type":{{{entry["type"]?.ToJsonString() ?? "null"}}}{{{(message is null ? "" : $",\"message\":{message.ToJsonString()}")}}}}}""";
    }

    static byte[] Compress(string text) => RawFrame.WithoutSize(Encoding.UTF8.GetBytes(text));

    static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        Run(connection, "PRAGMA synchronous = OFF");

        return connection;
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    void Run(string sql, params object?[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    SqliteCommand Command(string sql, params object?[] values)
    {
        var command = Connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"$p{i}", values[i] ?? DBNull.Value);
        }

        return command;
    }
}
