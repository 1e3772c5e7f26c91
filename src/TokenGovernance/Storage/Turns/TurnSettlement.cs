using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Storage.Rollup;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Turns;

/// <summary>Decides by all that is stored of a turn whose its events are, and what of its accounts its calls leave.</summary>
sealed class TurnSettlement(
    SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts, TurnSessions bindings, RuntimeCalls calls,
    MirroredRows rows, ThreadTurns threads, UsageFloor floor) : IDisposable
{
    readonly SqliteRows _measure = new(connection, $"""
        SELECT a.agent_id, n.model_provider, n.model, {RollupRow.Columns}
        FROM usage_measures AS m
        LEFT JOIN event_attributions AS a ON a.id = m.attribution_id
        LEFT JOIN event_models AS n ON n.id = m.model_id
        WHERE m.id = ?1
        """);

    /// <summary>Settles the turns with an id, of a runtime whose calls name their turn.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="turnId">The id.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="result">Is told of what changed.</param>
    public void Settle(string runtime, string turnId, long nowMs, AppendResult result)
    {
        var used = new List<(string? ThreadId, TokenCounts Tokens)>();
        foreach (var (id, turn) in calls.FindTurns(runtime, turnId))
        {
            var (owner, runId) = bindings.Resolve(runtime, turn);
            foreach (var call in calls.CallsOf(id))
            {
                used.Add((turn.ThreadId, call.Tokens));
                Assign(call, owner, runId, result);
            }
        }

        foreach (var thread in rows.Of(runtime, turnId).GroupBy(row => row.ThreadId))
        {
            // Of a copy of a call the thread is not known; its turn is.
            var own = used.Where(call => call.ThreadId is null || call.ThreadId == thread.Key).Select(call => call.Tokens).ToList();
            Settle([.. thread], own, bindings.Resolve(runtime, new RuntimeTurn(thread.Key, turnId)), nowMs, result);
        }
    }

    /// <summary>Settles turns of a session, of a runtime whose calls name no turn: they are of the first account that was written after them.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="session">The session.</param>
    /// <param name="fromMs">Something was stored at this time: it concerns the account that follows, and the one after that. NULL: all.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="result">Is told of what changed.</param>
    public void Settle(string runtime, SessionRow session, long? fromMs, long nowMs, AppendResult result)
    {
        var turns = threads.TurnsFrom(session, runtime, fromMs ?? long.MinValue);
        var after = fromMs is { } ms ? threads.LastTurnBefore(session, runtime, ms) : long.MinValue;
        foreach (var (turnId, writtenMs) in (fromMs is null ? turns : turns.Take(2)).ToList())
        {
            var own = threads.Calls(session, runtime, after, writtenMs);
            own.ForEach(call => Assign(call, session, turnId, result));
            Settle(rows.Of(runtime, turnId), [.. own.Select(call => call.Tokens)], (session, turnId), nowMs, result);
            after = writtenMs;
        }

        if (fromMs is null)
        {
            threads.Calls(session, runtime, after, long.MaxValue).ForEach(call => Assign(call, session, runId: null, result));
        }
    }

    public void Dispose() => _measure.Dispose();

    /// <summary>Gives a call to the session of its turn.</summary>
    void Assign(TurnCall call, SessionRow? owner, string? runId, AppendResult result)
    {
        if (owner is not null && (owner.Id != call.SessionRef || (runId is not null && runId != call.RunId)))
        {
            facts.Assign(call.EventId, AttributionOf(owner, runId ?? call.RunId, call.UsageMs), runId);
            result.Enriched++;
        }
    }

    void Settle(
        IReadOnlyList<MirroredRow> accounts, List<TokenCounts> used, (SessionRow? Session, string? RunId) owner, long nowMs, AppendResult result)
    {
        if (owner.Session is null)
        {
            return;
        }

        var left = used.Count == 0 ? (TokenCounts?)null : used.Aggregate((sum, call) => sum.Plus(call));
        foreach (var row in accounts)
        {
            Settle(row, left, AttributionOf(owner.Session, owner.RunId, row.UsageMs), owner.Session, nowMs, result);
            left = left?.Less(row.Tokens);
        }
    }

    void Settle(MirroredRow row, TokenCounts? used, Attribution attribution, SessionRow owner, long nowMs, AppendResult result)
    {
        if (row is { EventId: not null, StoredKey: null } || floor.Freezes(row.UsageMs))
        {
            // Somebody deleted the event, or it is about to go by its age, or its calls are.
            return;
        }

        var eventId = row.EventId;
        if (row.Beside(used) is var tokens && !IsAsBefore(row, tokens, used is not null))
        {
            Take(eventId, result.AddRemoved);
            eventId = rows.Represent(row, tokens, used is null ? EventScope.Turn : EventScope.Remainder, attribution, nowMs);
            Take(eventId, result.AddAdded);
        }

        if (eventId is { } id && row.EventId is not null && row.SessionRef != owner.Id)
        {
            facts.Attribute(id, attribution);
            result.Enriched++;
        }
    }

    static bool IsAsBefore(MirroredRow row, TokenCounts? tokens, bool isRemainder) =>
        tokens is null
            ? row.EventId is null
            : row.StoredKey == (isRemainder ? row.Key.OfRemainder() : row.Key) && row.StoredTokens == tokens.Value;

    /// <summary>Counts an event that comes or goes.</summary>
    void Take(long? eventId, Action<(string AgentId, string? Provider, string? Model), UsageCounts, Money, CostClass> take)
    {
        if (eventId is not { } id)
        {
            return;
        }

        facts.Flush();
        _measure.Bind(1, id);
        if (_measure.Next())
        {
            var row = RollupRow.Read(_measure, 3, QuarterHour.Unknown);
            take((_measure.GetString(0) ?? "", _measure.GetString(1), _measure.GetString(2)), row.Counts, row.Cost, row.CostClass);
        }

        _measure.Reset();
    }

    Attribution AttributionOf(SessionRow owner, string? runId, long? usageMs)
    {
        sessions.LoadRuns(owner);
        owner.MayHaveEvents = true;

        return attributions.Get(owner, owner.ResolveTrigger(owner.EventChannel, runId, usageMs));
    }
}
