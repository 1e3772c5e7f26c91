using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Turns;

/// <summary>The `turn_sessions` table: in which sessions of OpenClaw a turn was seen, and the decision which of them it belongs to.</summary>
/// <remarks>What it decides depends on the rows only, never on the order in which they came.</remarks>
sealed class TurnSessions : IDisposable
{
    readonly SessionTable _sessions;
    readonly SqliteCommand _bind, _ofTurn, _ofThread, _ofSession, _isNamed;

    public TurnSessions(SqliteConnection connection, SessionTable sessions)
    {
        _sessions = sessions;
        _bind = connection.Prepare("""
            INSERT INTO turn_sessions (runtime, thread_id, turn_id, session_ref, event_ms, run_id) VALUES ($p0, $p1, $p2, $p3, $p4, $p5)
            ON CONFLICT DO UPDATE SET
              event_ms = max(coalesce(event_ms, excluded.event_ms), coalesce(excluded.event_ms, event_ms)),
              run_id = min(coalesce(run_id, excluded.run_id), coalesce(excluded.run_id, run_id))
            WHERE coalesce(excluded.event_ms > coalesce(event_ms, excluded.event_ms - 1), 0)
              OR coalesce(excluded.run_id < coalesce(run_id, excluded.run_id || ' '), 0)
            """);
        const string candidates = "SELECT session_ref, event_ms, run_id FROM turn_sessions WHERE runtime = $p0";
        _ofTurn = connection.Prepare($"{candidates} AND turn_id = $p1 AND ($p2 IS NULL OR thread_id IN ('', $p2)) ORDER BY session_ref");
        _ofThread = connection.Prepare($"{candidates} AND turn_id = '' AND thread_id = $p1 ORDER BY event_ms IS NOT NULL, session_ref");
        _isNamed = connection.Prepare("""
            SELECT EXISTS (SELECT 1 FROM turn_sessions WHERE runtime = $p0 AND turn_id = '' AND thread_id = $p1 AND event_ms IS NULL)
            """);
        _ofSession = connection.Prepare("SELECT runtime, thread_id, turn_id FROM turn_sessions WHERE session_ref = $p0");
    }

    /// <summary>Notes that a turn, or with an empty turn id a thread, was seen in a session; false if nothing is new.</summary>
    public bool Bind(string runtime, string? threadId, string? turnId, SessionRow session, long? ms, string? runId) =>
        _bind.With(runtime, threadId ?? "", turnId ?? "", session.Id, ms, runId).ExecuteNonQuery() > 0;

    /// <summary>Returns the session that a turn belongs to, and its run where that is known; of what nothing is known (NULL, NULL).</summary>
    /// <remarks>
    ///     The turn itself is the best evidence, then the turn that a subagent works for, then the thread, then that one's. Of a thread
    ///     what OpenClaw names (without a time) is better than what was concluded.
    /// </remarks>
    public (SessionRow? Session, string? RunId) Resolve(string runtime, RuntimeTurn turn)
    {
        var own = OfTurn(runtime, turn.TurnId, turn.ThreadId);
        var root = own.Session is null && turn.RootTurnId != turn.TurnId ? OfTurn(runtime, turn.RootTurnId, turn.RootThreadId) : own;

        return root.Session is not null ? root : (OfThread(runtime, turn.ThreadId) ?? OfThread(runtime, turn.RootThreadId), null);
    }

    /// <summary>True if OpenClaw itself names the session of a thread.</summary>
    public bool IsNamed(string runtime, string threadId) => (long)_isNamed.With(runtime, threadId).ExecuteScalar()! != 0;

    /// <summary>Returns every session that a turn, or without a turn a thread, was seen in, and when.</summary>
    public IReadOnlyList<(SessionRow Session, long? Ms)> SessionsOf(string runtime, string? threadId, string? turnId) =>
        turnId is { Length: > 0 } ? Candidates(_ofTurn.With(runtime, turnId, null))
        : threadId is { Length: > 0 } ? Candidates(_ofThread.With(runtime, threadId))
        : [];

    /// <summary>Returns the turns and threads that were seen in a session.</summary>
    public IReadOnlyList<(string Runtime, string ThreadId, string TurnId)> Of(SessionRow session)
    {
        var turns = new List<(string Runtime, string ThreadId, string TurnId)>();
        using var reader = _ofSession.With(session.Id).ExecuteReader();
        while (reader.Read())
        {
            turns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return turns;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _bind, _ofTurn, _ofThread, _ofSession, _isNamed })
        {
            command.Dispose();
        }
    }

    (SessionRow? Session, string? RunId) OfTurn(string runtime, string? turnId, string? threadId) =>
        turnId is { Length: > 0 } ? Best(_ofTurn.With(runtime, turnId, threadId), isOfThread: false) : default;

    SessionRow? OfThread(string runtime, string? threadId) =>
        threadId is { Length: > 0 } ? Best(_ofThread.With(runtime, threadId), isOfThread: true).Session : null;

    List<(SessionRow Session, long? Ms)> Candidates(SqliteCommand command) =>
        [.. Read(command).Select(candidate => (_sessions.Get(candidate.SessionRef), candidate.Ms))];

    static List<(long SessionRef, long? Ms, string? RunId)> Read(SqliteCommand candidates)
    {
        var all = new List<(long SessionRef, long? Ms, string? RunId)>();
        using var reader = candidates.ExecuteReader();
        while (reader.Read())
        {
            all.Add((reader.GetInt64(0), reader.GetNumber(1), reader.GetText(2)));
        }

        return all;
    }

    (SessionRow? Session, string? RunId) Best(SqliteCommand candidates, bool isOfThread)
    {
        var all = Read(candidates);
        if (isOfThread && all is [{ Ms: null }, ..])
        {
            all.RemoveAll(candidate => candidate.Ms is not null);
        }

        var ms = isOfThread ? null : all.Max(candidate => candidate.Ms);
        (SessionRow? Session, string? RunId) best = default;
        foreach (var candidate in all)
        {
            var row = _sessions.Get(candidate.SessionRef);
            if (best.Session is null || OwnershipRule.Outranks(row.Claim, best.Session.Claim, ms))
            {
                best = (row, candidate.RunId);
            }
        }

        return best;
    }
}
