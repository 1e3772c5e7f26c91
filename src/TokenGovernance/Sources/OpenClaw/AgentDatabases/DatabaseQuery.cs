using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>The cheap questions to a database: which sessions, archives and runs have something new.</summary>
sealed class DatabaseQuery(SqliteConnection connection, DatabaseTables tables, DatabaseLocation location)
{
    static readonly string[] LastRowColumns = ["created_at", "event_json", "event_zstd"];

    /// <summary>Returns sessions whose generation or last row is not that of their cursor.</summary>
    /// <param name="cursors">How far each was read.</param>
    /// <param name="gone">Loses every session that has rows.</param>
    public List<ChangedSession> FindChangedSessions(IReadOnlyDictionary<string, SessionCursor> cursors, HashSet<string> gone)
    {
        var hasGenerations = tables.Has("transcript_rewrite_watermarks", "session_id", "generation");
        var generation = hasGenerations
            ? "(SELECT generation FROM transcript_rewrite_watermarks AS r WHERE r.session_id = s.id)"
            : "NULL";
        var lastRow = hasGenerations ? "NULL" : LastRowSql();
        using var rows = new SqliteRows(connection, $"""
            {DistinctSessions("transcript_events")}
            SELECT s.id, (SELECT max(seq) FROM transcript_events AS e WHERE e.session_id = s.id), {generation}, {lastRow}
            FROM s WHERE s.id IS NOT NULL
            """);
        var changed = new List<ChangedSession>();
        while (rows.Next())
        {
            var id = rows.GetString(0)!;
            var (maxSeq, now, last) = (rows.GetInteger(1), rows.GetString(2), rows.GetString(3));
            gone.Remove(id);
            var cursor = cursors.GetValueOrDefault(id);
            if (cursor is null || cursor.Generation != now || maxSeq < cursor.Seq || (maxSeq == cursor.Seq && cursor.LastRow != last))
            {
                cursor = null;
            }
            else if (maxSeq == cursor.Seq)
            {
                continue;
            }

            changed.Add(new ChangedSession(location.Session(id), cursor ?? new SessionCursor(), now, maxSeq, last));
        }

        return changed;
    }

    /// <summary>Returns the archived transcripts that the database holds as blobs.</summary>
    public IEnumerable<DatabaseArchive> FindArchives()
    {
        if (tables.Has("session_transcript_archives", "session_id", "generation", "archive_blob", "encoding"))
        {
            const string table = "session_transcript_archives";
            using var rows = new SqliteRows(connection, $"""
                SELECT a.rowid, a.session_id, a.generation, a.encoding, {tables.Sql(table, "a", "session_key")},
                  {tables.Sql(table, "a", "archive_sha256")} FROM {table} AS a
                """);
            while (rows.Next())
            {
                var id = rows.GetString(1)!;

                yield return new DatabaseArchive(
                    table, rows.GetInteger(0), location.Session(id), JsonText.Bounded(rows.GetString(4)), rows.GetString(5),
                    rows.GetString(3) is "zstd", IsCold: false, $"{location.ArchiveKeys}{id}#{rows.GetString(2)}");
            }
        }

        if (tables.Has("session_transcript_cold_archives", "session_id", "generation", "archive_blob"))
        {
            // A session that comes back, grows and goes again may keep its generation: only the content's hash is sure to differ.
            const string table = "session_transcript_cold_archives";
            using var rows = new SqliteRows(connection, $"""
                SELECT a.rowid, a.session_id, a.generation, {tables.Sql(table, "a", "archive_sha256")}
                FROM {table} AS a WHERE a.archive_blob IS NOT NULL
                """);
            while (rows.Next())
            {
                var id = rows.GetString(1)!;

                yield return new DatabaseArchive(
                    table, rows.GetInteger(0), location.Session(id), null, rows.GetString(3),
                    IsCompressed: true, IsCold: true, $"{location.ArchiveKeys}{id}#cold-{rows.GetString(2)}-{rows.GetString(3)}");
            }
        }
    }

    /// <summary>Returns sessions that have trajectory rows past their cursor, and the last row of each.</summary>
    /// <param name="cursors">The last row read, by session.</param>
    public Dictionary<string, long> FindNewRuns(IReadOnlyDictionary<string, long> cursors)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!tables.Has("trajectory_runtime_events", "session_id", "seq", "event_json"))
        {
            return found;
        }

        using var rows = new SqliteRows(connection, $"""
            {DistinctSessions("trajectory_runtime_events")}
            SELECT s.id, (SELECT max(seq) FROM trajectory_runtime_events AS e WHERE e.session_id = s.id) FROM s WHERE s.id IS NOT NULL
            """);
        while (rows.Next())
        {
            var (id, last) = (rows.GetString(0)!, rows.GetInteger(1));
            if (!cursors.TryGetValue(id, out var read) || read != last)
            {
                found[id] = last;
            }
        }

        return found;
    }

    /// <summary>All session ids of a table, one index seek each: a scan would touch every row.</summary>
    static string DistinctSessions(string table) => $"""
        WITH RECURSIVE s (id) AS (
          SELECT min(session_id) FROM {table}
          UNION ALL
          SELECT (SELECT min(session_id) FROM {table} WHERE session_id > s.id) FROM s WHERE s.id IS NOT NULL)
        """;

    string LastRowSql()
    {
        var parts = LastRowColumns
            .Where(column => tables.Has("transcript_events", column))
            .Select(column => column is "created_at" ? "coalesce(l.created_at, '')" : $"coalesce(length(l.{column}), '')");

        return string.Create(
            CultureInfo.InvariantCulture,
            $"(SELECT {string.Join(" || '/' || ", parts)} FROM transcript_events AS l WHERE l.session_id = s.id ORDER BY l.seq DESC LIMIT 1)");
    }
}
