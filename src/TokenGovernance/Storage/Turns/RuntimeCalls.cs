using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Turns;

/// <summary>Reads the stored calls of other runtimes, and the turns they are of.</summary>
sealed class RuntimeCalls : IDisposable
{
    /// <summary>The columns that <see cref="ReadCalls" /> reads, of an event `e` and its attribution `a`.</summary>
    public static readonly string CallColumns = $"e.id, e.attribution_id, a.session_ref, e.run_id, {RollupTable.UsageMs}, {MirroredRows.CountsOf("e")}";

    readonly SqliteCommand _find, _turns, _related, _ofThread, _callsOf;

    public RuntimeCalls(SqliteConnection connection)
    {
        _find = connection.Prepare($"""
            SELECT e.id, e.attribution_id, t.thread_id, e.event_ms, m.model, {MirroredRows.CountsOf("e")}, o.cost_class
            FROM event_facts AS e LEFT JOIN event_turns AS t ON t.id = e.turn_ref LEFT JOIN event_models AS m ON m.id = e.model_id
            LEFT JOIN event_outcomes AS o ON o.id = e.outcome_id
            WHERE e.event_key = $p0
            """);
        const string columns = "SELECT id, thread_id, turn_id, root_thread_id, root_turn_id FROM event_turns";
        _turns = connection.Prepare($"{columns} WHERE turn_id = $p1 AND runtime = $p0");
        _related = connection.Prepare($"{columns} WHERE root_turn_id = $p1 AND runtime = $p0");
        _ofThread = connection.Prepare($"{columns} WHERE thread_id = $p1 AND runtime = $p0 UNION {columns} WHERE root_thread_id = $p1 AND runtime = $p0");
        _callsOf = connection.Prepare($"""
            SELECT {CallColumns}
            FROM event_facts AS e
            CROSS JOIN event_models AS m ON m.id = e.model_id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE e.turn_ref = $p0 AND m.scope = 'call'
            """);
    }

    /// <summary>Returns the stored call with a key, or NULL.</summary>
    public StoredCall? Find(EventKey key)
    {
        using var reader = _find.With(key.ToBytes()).ExecuteReader();

        return reader.Read()
            ? new StoredCall(reader.GetInt64(0), reader.GetInt64(1), reader.GetText(2), reader.GetNumber(3), reader.GetText(4), MirroredRows.ReadCounts(reader, 5),
                (CostClass)(reader.GetNumber(12) ?? 0))
            : null;
    }

    /// <summary>Returns the turns with an id: of one thread, of copies, and (ids that are no UUIDs) of other threads.</summary>
    public IReadOnlyList<(long Id, RuntimeTurn Turn)> FindTurns(string runtime, string turnId) => Read(_turns.With(runtime, turnId));

    /// <summary>Returns the turns of subagents that work for a turn.</summary>
    public IReadOnlyList<(long Id, RuntimeTurn Turn)> FindChildren(string runtime, string turnId) => Read(_related.With(runtime, turnId));

    /// <summary>Returns the turns of a thread and of its subagents' threads.</summary>
    public IReadOnlyList<(long Id, RuntimeTurn Turn)> FindTurnsOfThread(string runtime, string threadId) => Read(_ofThread.With(runtime, threadId));

    /// <summary>Returns the calls of a turn.</summary>
    public IReadOnlyList<TurnCall> CallsOf(long turnRef) => ReadCalls(_callsOf.With(turnRef));

    /// <summary>Reads calls from a query of <see cref="CallColumns" />.</summary>
    public static List<TurnCall> ReadCalls(SqliteCommand command)
    {
        var calls = new List<TurnCall>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            calls.Add(new TurnCall(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetNumber(2), CompactId.Read(reader, 3), reader.GetNumber(4), MirroredRows.ReadCounts(reader, 5)));
        }

        return calls;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _find, _turns, _related, _ofThread, _callsOf })
        {
            command.Dispose();
        }
    }

    static List<(long Id, RuntimeTurn Turn)> Read(SqliteCommand command)
    {
        var turns = new List<(long Id, RuntimeTurn Turn)>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            turns.Add((reader.GetInt64(0), new RuntimeTurn(reader.GetText(1), reader.GetText(2)) { RootThreadId = reader.GetText(3), RootTurnId = reader.GetText(4) }));
        }

        return turns;
    }
}

/// <summary>A call that is stored, as far as another sighting of it may know better.</summary>
/// <param name="ThreadId">NULL if only a copy of it was found.</param>
sealed record StoredCall(long EventId, long AttributionId, string? ThreadId, long? EventMs, string? Model, TokenCounts Tokens, CostClass Cost);

/// <summary>A call of a turn.</summary>
sealed record TurnCall(long EventId, long AttributionId, long? SessionRef, string? RunId, long? UsageMs, TokenCounts Tokens);
