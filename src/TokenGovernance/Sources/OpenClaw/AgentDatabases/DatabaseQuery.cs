using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>The cheap questions to a database: which sessions, archives and runs have something new.</summary>
sealed class DatabaseQuery(SqliteConnection connection, DatabaseTables tables, DatabaseLocation location)
{
    /// <summary>The SQL that finds the last trajectory row of a session.</summary>
    public const string LastRunSql = "SELECT max(seq) FROM trajectory_runtime_events WHERE session_id = ?1";

    /// <summary>Returns sessions whose generation or last row is not that of their cursor, of all that have rows.</summary>
    /// <param name="cursors">How far each was read.</param>
    /// <param name="gone">Loses every session that has rows.</param>
    /// <param name="isOtherFile">The file is another one than before.</param>
    public List<ChangedSession> FindChangedSessions(
        IReadOnlyDictionary<string, ReadSession> cursors, HashSet<string> gone, bool isOtherFile)
    {
        using var lastRows = new LastRowReader(connection, tables);
        using var rows = tables.Query(connection, $"""
            {DistinctSessions("transcript_events")}
            SELECT s.id, {LastMark("s.id")}, {GenerationOf("s.id")} FROM s WHERE s.id IS NOT NULL
            """);
        var changed = new List<ChangedSession>();
        while (rows.Next())
        {
            var id = rows.GetName(0)!;
            gone.Remove(id);
            if (Compare(id, cursors.GetValueOrDefault(id) ?? ReadSession.Empty, rows.GetString(1)!, rows.GetString(2), lastRows) is { } session)
            {
                changed.Add(session);
            }
        }

        // Where one session is not what it was, a backup may have been put back: then the others are looked at more closely.
        if (isOtherFile || gone.Count > 0 || changed.Exists(session => session.IsOther))
        {
            var known = changed.Select(session => session.Session.SessionId).ToHashSet(StringComparer.Ordinal);
            changed.AddRange(cursors
                .Where(read => !known.Contains(read.Key) && !gone.Contains(read.Key) && !read.Value.MayBeAt(lastRows.Read(read.Key, read.Value.Seq)))
                .Select(read => new ChangedSession(location.Session(read.Key), ReadSession.Empty, GenerationNow(read.Key), read.Value.Seq, IsOther: true))
                .OrderBy(session => session.Session.SessionId, StringComparer.Ordinal));
        }

        return changed;
    }

    /// <summary>As above, of some sessions; those without rows are passed over.</summary>
    /// <returns>NULL if one is not the session that was read under its id: then all have to be looked at.</returns>
    public List<ChangedSession>? FindChangedAmong(IEnumerable<string> ids, IReadOnlyDictionary<string, ReadSession> cursors)
    {
        using var lastRows = new LastRowReader(connection, tables);
        using var rows = tables.Query(connection, ChangedAmongSql());
        var changed = new List<ChangedSession>();
        foreach (var id in ids)
        {
            rows.BindName(1, id);
            if (rows.Next() && rows.GetString(0) is { } mark
                && Compare(id, cursors.GetValueOrDefault(id) ?? ReadSession.Empty, mark, rows.GetString(1), lastRows) is { } session)
            {
                if (session.IsOther)
                {
                    return null;
                }

                changed.Add(session);
            }

            rows.Reset();
        }

        return changed;
    }

    /// <summary>The SQL that looks at one session.</summary>
    public string ChangedAmongSql() => $"SELECT {LastMark("?1")}, {GenerationOf("?1")}";

    /// <returns>NULL if nothing is new.</returns>
    ChangedSession? Compare(string id, ReadSession cursor, string mark, string? generation, LastRowReader lastRows)
    {
        var maxSeq = long.Parse(mark.AsSpan(0, mark.IndexOf('/', StringComparison.Ordinal)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var isOther = !cursor.IsEmpty && (maxSeq < cursor.Seq
            || !cursor.MayBeAt(maxSeq == cursor.Seq ? new LastRow(mark, Hash: null) : lastRows.Read(id, cursor.Seq)));
        if (isOther || !cursor.HasGeneration(generation))
        {
            cursor = ReadSession.Empty;
        }
        else if (maxSeq == cursor.Seq)
        {
            return null;
        }

        return new ChangedSession(location.Session(id), cursor, generation, maxSeq, isOther);
    }

    string LastMark(string id) =>
        $"(SELECT {LastRowReader.MarkSql(tables, "e")} FROM transcript_events AS e WHERE e.session_id = {id} ORDER BY e.seq DESC LIMIT 1)";

    string? GenerationNow(string id)
    {
        using var row = tables.Query(connection, $"SELECT {GenerationOf("?1")}");
        row.BindName(1, id);

        return row.Next() ? row.GetString(0) : null;
    }

    string GenerationOf(string id) => tables.Has("transcript_rewrite_watermarks", "session_id", "generation")
        ? $"(SELECT generation FROM transcript_rewrite_watermarks AS r WHERE r.session_id = {id})"
        : "NULL";

    /// <summary>Returns the archived transcripts that the database holds as blobs.</summary>
    /// <param name="after">Only those that were added since; by default all.</param>
    public IEnumerable<DatabaseArchive> FindArchives(NewestRowSet after = default)
    {
        // A session that comes back, grows and goes again may keep its generation: only the content's hash is sure to differ.
        if (tables.Has("session_transcript_archives", "session_id", "generation", "archive_blob", "encoding"))
        {
            const string table = "session_transcript_archives";
            using var rows = tables.Query(connection, $"""
                SELECT a.rowid, a.session_id, a.generation, a.encoding, {tables.Sql(table, "a", "session_key")},
                  {tables.Sql(table, "a", "archive_sha256")} FROM {table} AS a WHERE a.rowid > ?1
                """);
            rows.Bind(1, after.Archives.RowId > 0 ? after.Archives.RowId : long.MinValue);
            while (rows.Next())
            {
                var id = rows.GetName(1)!;

                yield return new DatabaseArchive(
                    table, rows.GetInteger(0), location.Session(id), JsonText.Bounded(rows.GetString(4)), rows.GetString(5),
                    rows.GetString(3) is "zstd", IsCold: false, $"{location.ArchiveKeys}{id}#{rows.GetString(2)}-{rows.GetString(5)}");
            }
        }

        if (tables.Has("session_transcript_cold_archives", "session_id", "generation", "archive_blob"))
        {
            const string table = "session_transcript_cold_archives";
            using var rows = tables.Query(connection, $"""
                SELECT a.rowid, a.session_id, a.generation, {tables.Sql(table, "a", "archive_sha256")}
                FROM {table} AS a WHERE a.archive_blob IS NOT NULL AND a.rowid > ?1
                """);
            rows.Bind(1, after.ColdArchives.RowId > 0 ? after.ColdArchives.RowId : long.MinValue);
            while (rows.Next())
            {
                var id = rows.GetName(1)!;

                yield return new DatabaseArchive(
                    table, rows.GetInteger(0), location.Session(id), null, rows.GetString(3),
                    IsCompressed: true, IsCold: true, $"{location.ArchiveKeys}{id}#cold-{rows.GetString(2)}-{rows.GetString(3)}");
            }
        }
    }

    /// <summary>Returns sessions that have trajectory rows past their cursor, and the last row of each.</summary>
    /// <param name="cursors">The last row read, by session.</param>
    /// <param name="others">Sessions whose cursor does not count any more.</param>
    public Dictionary<string, long> FindNewRuns(IReadOnlyDictionary<string, long> cursors, IReadOnlySet<string> others)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!HasRuns)
        {
            return found;
        }

        using var rows = tables.Query(connection, $"""
            {DistinctSessions("trajectory_runtime_events")}
            SELECT s.id, (SELECT max(seq) FROM trajectory_runtime_events AS e WHERE e.session_id = s.id) FROM s WHERE s.id IS NOT NULL
            """);
        while (rows.Next())
        {
            var (id, last) = (rows.GetName(0)!, rows.GetInteger(1));
            if (!cursors.TryGetValue(id, out var read) || read != last || others.Contains(id))
            {
                found[id] = last;
            }
        }

        return found;
    }

    /// <summary>As above, of some sessions.</summary>
    public Dictionary<string, long> FindNewRunsAmong(IReadOnlyCollection<string> ids)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        if (!HasRuns || ids.Count == 0)
        {
            return found;
        }

        using var rows = tables.Query(connection, LastRunSql);
        foreach (var id in ids)
        {
            rows.BindName(1, id);
            if (rows.Next() && rows.TypeOf(0) is not CellType.Null)
            {
                found[id] = rows.GetInteger(0);
            }

            rows.Reset();
        }

        return found;
    }

    bool HasRuns => tables.Has("trajectory_runtime_events", "session_id", "seq", "event_json");

    /// <summary>All session ids of a table, one index seek each: a scan would touch every row.</summary>
    static string DistinctSessions(string table) => $"""
        WITH RECURSIVE s (id) AS (
          SELECT min(session_id) FROM {table}
          UNION ALL
          SELECT (SELECT min(session_id) FROM {table} WHERE session_id > s.id) FROM s WHERE s.id IS NOT NULL)
        """;
}
