using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Turns;

/// <summary>Decides by all that is stored of a turn whose its events are, and what of its accounts its calls leave.</summary>
sealed class TurnSettlement(
    SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts, TurnSessions bindings, RuntimeCalls calls,
    MirroredRows rows, ThreadTurns threads) : IDisposable
{
    readonly SqliteCommand _measure = connection.Prepare("""
        SELECT a.agent_id, m.model_provider, m.model, u.cost_class, u.cost_nano, u.events, u.errors, u.input_tokens, u.output_tokens,
          u.cache_read_tokens, u.cache_write_tokens, u.reasoning_tokens, u.reasoning_events, u.total_tokens
        FROM usage_measures AS u
        LEFT JOIN event_attributions AS a ON a.id = u.attribution_id
        LEFT JOIN event_models AS m ON m.id = u.model_id
        WHERE u.id = $p0
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

        var left = used.Count == 0 ? (TokenCounts?)null : used.Aggregate(Sum);
        foreach (var row in accounts)
        {
            Settle(row, left, AttributionOf(owner.Session, owner.RunId, row.UsageMs), owner.Session, nowMs, result);
            left = left?.Less(row.Tokens);
        }
    }

    void Settle(MirroredRow row, TokenCounts? used, Attribution attribution, SessionRow owner, long nowMs, AppendResult result)
    {
        if (row is { EventId: not null, StoredKey: null })
        {
            // Somebody deleted the event.
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
        if (eventId is null)
        {
            return;
        }

        facts.Flush();
        using var reader = _measure.With(eventId).ExecuteReader();
        if (reader.Read())
        {
            var counts = new UsageCounts
            {
                Events = reader.GetInt64(5),
                Errors = reader.GetInt64(6),
                Input = reader.GetInt64(7),
                Output = reader.GetInt64(8),
                CacheRead = reader.GetInt64(9),
                CacheWrite = reader.GetInt64(10),
                Reasoning = reader.GetInt64(11),
                ReasoningSaid = reader.GetInt64(12),
                Total = reader.GetInt64(13),
            };
            take((reader.GetText(0) ?? "", reader.GetText(1), reader.GetText(2)), counts, new Money(reader.GetInt64(4)), (CostClass)reader.GetInt64(3));
        }
    }

    Attribution AttributionOf(SessionRow owner, string? runId, long? usageMs)
    {
        sessions.LoadRuns(owner);
        owner.MayHaveEvents = true;

        return attributions.Get(owner, owner.ResolveTrigger(owner.EventChannel, runId, usageMs));
    }

    static TokenCounts Sum(TokenCounts a, TokenCounts b) => new(
        Sum(a.Input, b.Input), Sum(a.Output, b.Output), Sum(a.CacheRead, b.CacheRead), Sum(a.CacheWrite, b.CacheWrite), Sum(a.Total, b.Total),
        Sum(a.Reasoning, b.Reasoning))
    {
        CacheWrite1h = Sum(a.CacheWrite1h, b.CacheWrite1h),
    };

    static long? Sum(long? a, long? b) => (a ?? 0) + (b ?? 0);
}
