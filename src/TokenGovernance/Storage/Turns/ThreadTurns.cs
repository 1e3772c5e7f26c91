using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Turns;

/// <summary>What is stored of a session whose runtime names threads, but no turns: its accounts and its calls, by time.</summary>
sealed class ThreadTurns : IDisposable
{
    readonly TurnSessions _bindings;
    readonly SqliteCommand _turnsFrom, _lastTurnBefore, _threads, _callsOf;

    public ThreadTurns(SqliteConnection connection, TurnSessions bindings)
    {
        _bindings = bindings;
        const string turns = "SELECT turn_id, event_ms FROM turn_sessions WHERE session_ref = $p0 AND runtime = $p1 AND turn_id <> ''";
        _turnsFrom = connection.Prepare($"{turns} AND event_ms >= $p2 ORDER BY event_ms, turn_id");
        _lastTurnBefore = connection.Prepare($"{turns} AND event_ms < $p2 ORDER BY event_ms DESC, turn_id");
        _threads = connection.Prepare(
            "SELECT DISTINCT thread_id FROM turn_sessions WHERE session_ref = $p0 AND runtime = $p1 AND turn_id = '' ORDER BY thread_id");
        _callsOf = connection.Prepare($"""
            SELECT {RuntimeCalls.CallColumns}
            FROM event_turns AS t
            CROSS JOIN event_facts AS e ON e.turn_ref = t.id
            CROSS JOIN event_models AS m ON m.id = e.model_id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE t.thread_id = $p1 AND t.runtime = $p0 AND t.turn_id IS NULL AND e.event_ms > $p2 AND e.event_ms <= $p3 AND m.scope = 'call'
            """);
    }

    /// <summary>Returns turns that a session owns, in the order of time.</summary>
    /// <param name="session">The session.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="fromMs">The first is at this time or later.</param>
    public IEnumerable<(string TurnId, long Ms)> TurnsFrom(SessionRow session, string runtime, long fromMs) =>
        ReadTurns(_turnsFrom.With(session.Id, runtime, fromMs), session, runtime);

    /// <summary>Returns when the last turn before a time was written; the beginning of time if there is none.</summary>
    public long LastTurnBefore(SessionRow session, string runtime, long ms) =>
        ReadTurns(_lastTurnBefore.With(session.Id, runtime, ms), session, runtime).Select(turn => turn.Ms).DefaultIfEmpty(long.MinValue).First();

    /// <summary>Returns the calls of a session's threads that were written after one time and not after another.</summary>
    public List<TurnCall> Calls(SessionRow session, string runtime, long afterMs, long toMs)
    {
        var threads = new List<string>();
        using (var reader = _threads.With(session.Id, runtime).ExecuteReader())
        {
            while (reader.Read())
            {
                threads.Add(reader.GetString(0));
            }
        }

        return
        [
            .. threads.Where(thread => _bindings.Resolve(runtime, new RuntimeTurn(thread, null)).Session?.Id == session.Id)
                .SelectMany(thread => RuntimeCalls.ReadCalls(_callsOf.With(runtime, thread, afterMs, toMs))),
        ];
    }

    public void Dispose()
    {
        foreach (var command in new[] { _turnsFrom, _lastTurnBefore, _threads, _callsOf })
        {
            command.Dispose();
        }
    }

    /// <remarks>Lazily: mostly one or two of many turns are asked for. A session that was forked from this one has the same rows.</remarks>
    IEnumerable<(string TurnId, long Ms)> ReadTurns(SqliteCommand command, SessionRow session, string runtime)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var turnId = reader.GetString(0);
            if (_bindings.Resolve(runtime, new RuntimeTurn(null, turnId)).Session?.Id == session.Id)
            {
                yield return (turnId, reader.GetInt64(1));
            }
        }
    }
}
