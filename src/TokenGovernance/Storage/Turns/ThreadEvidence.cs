using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Turns;

/// <summary>Finds the session of a thread that nothing names: an account of a turn that says what the thread's last calls used.</summary>
/// <remarks>OpenClaw names only the thread that a session talks to now; those before it are known by what they used.</remarks>
sealed class ThreadEvidence : IDisposable
{
    /// <summary>How long a turn may take.</summary>
    const long WindowMs = 6 * 60 * 60 * 1000L;

    readonly SqliteCommand _rows, _calls, _files;

    public ThreadEvidence(SqliteConnection connection)
    {
        _rows = connection.Prepare("""
            SELECT s.id, r.event_ms, r.total_tokens, r.input_tokens, r.cache_read_tokens, r.cache_write_tokens
            FROM mirrored_rows AS r
            CROSS JOIN event_turns AS t ON t.id = r.turn_ref
            CROSS JOIN turn_sessions AS b ON b.turn_id = t.turn_id AND b.runtime = t.runtime
            CROSS JOIN sessions AS s ON s.id = b.session_ref
            WHERE r.event_ms BETWEEN $p3 AND $p4 AND t.runtime = $p0 AND s.agent_id = $p1 AND s.home = $p2
              AND r.total_tokens > 0
            """);
        _calls = connection.Prepare("""
            SELECT t.thread_id, e.input_tokens, e.cache_read_tokens, e.cache_write_tokens
            FROM event_turns AS t
            CROSS JOIN event_facts AS e ON e.turn_ref = t.id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE t.runtime = $p0 AND t.turn_id IS NULL AND e.event_ms BETWEEN $p3 AND $p4 AND a.agent_id = $p1 AND a.home = $p2
              AND ($p5 IS NULL OR t.thread_id = $p5)
            ORDER BY t.thread_id, e.event_ms DESC, e.id DESC
            """);
        _files = connection.Prepare("""
            SELECT t.thread_id
            FROM event_turns AS t
            CROSS JOIN event_facts AS e ON e.turn_ref = t.id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE t.runtime = $p0 AND t.turn_id IS NULL AND e.event_ms BETWEEN $p3 AND $p4 AND a.agent_id = $p1 AND a.home = $p2
              AND ($p5 IS NULL OR t.thread_id = $p5)
            GROUP BY t.thread_id, e.file_id HAVING sum(e.total_tokens) = $p6
            """);
    }

    /// <summary>Returns what binds threads of an agent to the sessions of accounts that were written within a time.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="session">Any session of the agent.</param>
    /// <param name="fromMs">The accounts' times.</param>
    /// <param name="toMs">The last of them.</param>
    /// <param name="threadId">Only this thread; NULL for all.</param>
    public List<(string ThreadId, long SessionRef, long Ms)> Find(string runtime, SessionIdentity session, long fromMs, long toMs, string? threadId)
    {
        var found = new List<(string ThreadId, long SessionRef, long Ms)>();
        foreach (var row in ReadRows(runtime, session, fromMs, toMs))
        {
            found.AddRange(FindThreads(runtime, session, row, threadId).Select(thread => (thread, row.SessionRef, row.Ms)));
        }

        return found;
    }

    /// <summary>As above, of the accounts that a call can be of.</summary>
    public List<(string ThreadId, long SessionRef, long Ms)> FindOfCall(string runtime, SessionIdentity session, long callMs, string threadId) =>
        Find(runtime, session, callMs, callMs + WindowMs, threadId);

    public void Dispose()
    {
        _rows.Dispose();
        _calls.Dispose();
        _files.Dispose();
    }

    List<(long SessionRef, long Ms, long Total, Parts Parts)> ReadRows(string runtime, SessionIdentity session, long fromMs, long toMs)
    {
        var rows = new List<(long SessionRef, long Ms, long Total, Parts Parts)>();
        using var reader = _rows.With(runtime, session.AgentId, session.Home, fromMs, toMs).ExecuteReader();
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), Parts.Read(reader, 3)));
        }

        return rows;
    }

    List<string> FindThreads(string runtime, SessionIdentity session, (long SessionRef, long Ms, long Total, Parts Parts) row, string? threadId) =>
        row.Parts == default ? FindBySubagent(runtime, session, row.Ms, row.Total, threadId)
        : row.Parts is { Input: > 0 } and not { CacheRead: 0, CacheWrite: 0 } ? FindByCalls(runtime, session, row.Ms, row.Parts, threadId)
        : [];

    /// <summary>Threads with a subagent that used a total: after one OpenClaw takes that for the turn's.</summary>
    List<string> FindBySubagent(string runtime, SessionIdentity session, long ms, long total, string? threadId)
    {
        var threads = new List<string>();
        using var reader = _files.With(runtime, session.AgentId, session.Home, ms - WindowMs, ms, threadId, total).ExecuteReader();
        while (reader.Read())
        {
            threads.Add(reader.GetString(0));
        }

        return threads;
    }

    /// <summary>Threads whose last call before an account, or whose last few together, used just what it says.</summary>
    List<string> FindByCalls(string runtime, SessionIdentity session, long ms, Parts parts, string? threadId)
    {
        var threads = new List<string>();
        var (thread, sum, isOpen) = (default(string), default(Parts), false);
        using var reader = _calls.With(runtime, session.AgentId, session.Home, ms - WindowMs, ms, threadId).ExecuteReader();
        while (reader.Read())
        {
            if (reader.GetText(0) is { } next && next != thread)
            {
                (thread, sum, isOpen) = (next, default, true);
            }

            if (isOpen)
            {
                sum = sum.Add(Parts.Read(reader, 1));
                isOpen = sum.Input <= parts.Input && sum != parts;
                if (sum == parts)
                {
                    threads.Add(thread!);
                }
            }
        }

        return threads;
    }

    readonly record struct Parts(long Input, long CacheRead, long CacheWrite)
    {
        public static Parts Read(SqliteDataReader reader, int from) =>
            new(reader.GetNumber(from) ?? 0, reader.GetNumber(from + 1) ?? 0, reader.GetNumber(from + 2) ?? 0);

        public Parts Add(Parts other) => new(Input + other.Input, CacheRead + other.CacheRead, CacheWrite + other.CacheWrite);
    }
}
