using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TokenGovernance.Tests;

/// <summary>Transcripts that were set aside: deleted or reset sessions, and cold storage, in files and in databases.</summary>
static class Archives
{
    /// <summary>A cold session: its rows as lines, in one frame.</summary>
    public static byte[] Cold(string session, params string[] entries)
    {
        var lines = new StringBuilder($$"""{"kind":"header","sessionId":"{{session}}","generation":"g1"}""").Append('\n');
        foreach (var (entry, seq) in entries.Select((entry, seq) => (entry, seq)))
        {
            lines.Append($$$"""{"kind":"event","row":{"seq":{{{seq}}},"event_json":{{{JsonSerializer.Serialize(entry)}}},"created_at":1}}""").Append('\n');
        }

        lines.Append("""{"kind":"identity","row":{"event_id":"a1","seq":1}}""").Append('\n');
        lines.Append("""{"kind":"active","row":{"seq":1}}""").Append('\n');

        return RawFrame.Of(lines.ToString());
    }

    /// <summary>Writes the file of a cold session of agent `main`; returns its path.</summary>
    public static string ColdFile(TestHome home, byte[] bytes, string? sha256 = null)
    {
        var path = Path.Combine(home.Sessions, "cold", $"{sha256 ?? Hash(bytes)}.jsonl.zst");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, bytes);

        return path;
    }

    /// <summary>Adds the row of a cold session; with bytes they are kept in the database, else in a file.</summary>
    public static void ColdRow(AgentDatabaseBuilder store, string session, byte[]? bytes, string? sha256 = null) =>
        store.Insert(
            "session_transcript_cold_archives", ("session_id", session), ("generation", "g1"), ("archive_name", $"{session}.jsonl.zst"),
            ("archive_sha256", sha256 ?? (bytes is null ? null : Hash(bytes))), ("event_count", 2), ("last_seq", 1),
            ("storage", bytes is null ? "file" : "sqlite"), ("archive_blob", bytes));

    /// <summary>Adds the row of a deleted session with its transcript.</summary>
    public static void Deleted(
        AgentDatabaseBuilder store, string session, byte[] bytes, string encoding = "zstd", string? sha256 = null, string reason = "deleted") =>
        store.Insert(
            "session_transcript_archives", ("session_id", session), ("generation", "g1"), ("session_key", $"agent:main:{session}"),
            ("reason", reason), ("encoding", encoding), ("archive_blob", bytes), ("archive_sha256", sha256 ?? Hash(bytes)),
            ("archive_name", $"{session}.jsonl.{reason}.2026-11-21T20-08-45.077Z.zst"));

    public static byte[] Lines(params string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
