using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Turns;

/// <summary>Stores what other runtimes carried out: their calls, and the rows in which OpenClaw gives account of a turn, never both in full.</summary>
/// <remarks>
///     Calls and rows come in any order, from different files. Each is stored as it comes, and noted with its turn; before the batch
///     ends, every turn that was touched is settled by all that is stored of it.
/// </remarks>
sealed class TurnWriter : IDisposable
{
    readonly SessionTable _sessions;
    readonly AttributionTable _attributions;
    readonly EventFacts _facts;
    readonly TurnSessions _bindings;
    readonly RuntimeCalls _calls;
    readonly MirroredRows _rows;
    readonly ThreadTurns _threads;
    readonly ThreadEvidence _evidence;
    readonly TurnSettlement _settlement;
    readonly HashSet<(string Runtime, string TurnId)> _touched = [];
    readonly HashSet<(string Runtime, SessionRow Session, long? Ms)> _touchedSessions = [];

    public TurnWriter(SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts, UsageFloor floor)
    {
        _sessions = sessions;
        _attributions = attributions;
        _facts = facts;
        _bindings = new TurnSessions(connection, sessions);
        _calls = new RuntimeCalls(connection);
        _rows = new MirroredRows(connection, facts);
        _threads = new ThreadTurns(connection, _bindings);
        _evidence = new ThreadEvidence(connection);
        _settlement = new TurnSettlement(connection, sessions, attributions, facts, _bindings, _calls, _rows, _threads, floor);
    }

    /// <summary>Stores a call, or improves the one that is stored.</summary>
    public void AppendCall(UsageEvent usage, SessionRow row, AppendResult result)
    {
        var turn = usage.Turn!;
        var (session, runId) = _bindings.Resolve(usage.Runtime, turn);
        var owner = session ?? row;
        _sessions.LoadRuns(owner);
        var call = usage with { RunId = runId ?? usage.RunId };
        if (_facts.TryInsert(call, owner))
        {
            owner.MayHaveEvents = true;
            result.AddAdded(call with { Session = owner.Session });
            TouchCall(call, owner);

            return;
        }

        result.Known++;
        if (_calls.Find(usage.Key) is { } stored && IsBetter(usage, stored))
        {
            owner.MayHaveEvents = true;
            _facts.Replace(stored.EventId, call, _attributions.Get(owner, owner.ResolveTrigger(call)));
            result.Enriched++;
            TouchCall(call, owner);
        }
    }

    /// <summary>Takes in an account of a turn that was met before; false if it was not.</summary>
    public bool MeetRow(UsageEvent usage, SessionRow row, AppendResult result)
    {
        var isNew = Bind(usage, row);
        if (!_rows.Contains(usage.Key))
        {
            return false;
        }

        if (isNew)
        {
            // In one more session: what its threads used is evidence for that one, too.
            BindByEvidence(usage);
        }

        result.Known++;

        return true;
    }

    /// <summary>Makes a stored event the account of its turn.</summary>
    public void AddRow(UsageEvent usage)
    {
        if (_facts.Find(usage.Key) is { } eventId)
        {
            _facts.Relabel(eventId, usage);
            _rows.Add(eventId);
            TouchBound(usage.Runtime, threadId: null, usage.Turn!.TurnId);
            BindByEvidence(usage);
        }
    }

    /// <summary>OpenClaw says which thread of a runtime answers in a session.</summary>
    public void BindThread(string runtime, string threadId, SessionRow row)
    {
        if (_bindings.Bind(runtime, threadId, turnId: null, row, ms: null, runId: null))
        {
            TouchBound(runtime, threadId, turnId: null);
        }
    }

    /// <summary>OpenClaw says in which session a thread, or a turn of it, answers.</summary>
    public void Bind(ThreadSighting sighting, SessionRow row) => Bind(sighting.Runtime, sighting.Turn, row, sighting.Ms, sighting.RunId);

    /// <summary>Takes in a part of a turn, which is no event: an earlier version may have stored it as one.</summary>
    public void AppendPart(UsageEvent usage, SessionRow row, AppendResult result)
    {
        Bind(usage, row);
        if (_facts.Find(usage.Key) is { } eventId)
        {
            _facts.Remove(eventId);
            result.Enriched++;
        }
    }

    /// <summary>Says of a stored event what carried it out, where an earlier version did not know.</summary>
    public void Relabel(UsageEvent usage)
    {
        if (_facts.Find(usage.Key) is { } eventId)
        {
            _facts.Relabel(eventId, usage);
        }
    }

    /// <summary>More became known of a session: it may own other turns than before.</summary>
    public void SettleOwners(SessionRow row)
    {
        foreach (var (runtime, threadId, turnId) in _bindings.Of(row))
        {
            TouchBound(runtime, threadId, turnId);
        }
    }

    /// <summary>Settles all that was touched since the last time.</summary>
    public void Settle(long nowMs, AppendResult result)
    {
        foreach (var (runtime, turnId) in _touched)
        {
            _settlement.Settle(runtime, turnId, nowMs, result);
        }

        foreach (var (runtime, session, ms) in _touchedSessions)
        {
            _settlement.Settle(runtime, session, ms, nowMs, result);
        }

        Clear();
    }

    /// <summary>Forgets what was touched: the transaction failed.</summary>
    public void Clear()
    {
        _touched.Clear();
        _touchedSessions.Clear();
    }

    public void Dispose()
    {
        _settlement.Dispose();
        _evidence.Dispose();
        _threads.Dispose();
        _rows.Dispose();
        _calls.Dispose();
        _bindings.Dispose();
    }

    /// <summary>True if a sighting says more of a call than what is stored, whichever comes first.</summary>
    static bool IsBetter(UsageEvent usage, StoredCall stored)
    {
        if (usage.Tokens.Total != stored.Tokens.Total)
        {
            // While an answer streams in, its count grows.
            return usage.Tokens.Total > stored.Tokens.Total;
        }

        if ((usage.Turn!.ThreadId is null) != (stored.ThreadId is null))
        {
            return stored.ThreadId is null;
        }

        var byTime = (usage.EventMs ?? long.MaxValue).CompareTo(stored.EventMs ?? long.MaxValue);
        var byThread = string.CompareOrdinal(usage.Turn.ThreadId, stored.ThreadId);

        var byModel = string.CompareOrdinal(usage.Model, stored.Model);
        var saysMore = stored.Cost is CostClass.Unknown && usage.Cost.Class is not CostClass.Unknown;

        return byTime < 0 || (byTime == 0 && (byThread < 0 || (byThread == 0 && (byModel < 0 || (byModel == 0 && saysMore)))));
    }

    /// <returns>True if that was not known.</returns>
    bool Bind(UsageEvent usage, SessionRow row) => Bind(usage.Runtime, usage.Turn!, row, usage.EventMs, usage.RunId);

    bool Bind(string runtime, RuntimeTurn turn, SessionRow row, long? ms, string? runId)
    {
        var isNew = turn.TurnId is not null && _bindings.Bind(runtime, turn.ThreadId, turn.TurnId, row, ms, runId);
        if (isNew)
        {
            TouchBound(runtime, turn.ThreadId, turn.TurnId);
        }

        if (turn.ThreadId is not null && _bindings.Bind(runtime, turn.ThreadId, turnId: null, row, ms: null, runId: null))
        {
            TouchBound(runtime, turn.ThreadId, turnId: null);
        }

        return isNew;
    }

    /// <summary>An account of a session whose calls name no turn: threads that used what it says are the session's.</summary>
    void BindByEvidence(UsageEvent account)
    {
        if (NamesNoTurns(account.Runtime) && account.EventMs is { } ms)
        {
            BindByEvidence(account.Runtime, _evidence.Find(account.Runtime, account.Session, ms, ms, threadId: null));
        }
    }

    /// <summary>Another session for a turn, or for a thread, concerns the subagents too; and where calls name no turn, all that session's turns.</summary>
    void TouchBound(string runtime, string? threadId, string? turnId)
    {
        if (NamesNoTurns(runtime))
        {
            foreach (var (session, ms) in _bindings.SessionsOf(runtime, threadId, turnId))
            {
                _touchedSessions.Add((runtime, session, turnId is { Length: > 0 } ? ms : null));
            }
        }
        else if (turnId is { Length: > 0 })
        {
            Touch(runtime, turnId);
            TouchAll(runtime, _calls.FindChildren(runtime, turnId));
        }
        else if (threadId is { Length: > 0 })
        {
            TouchAll(runtime, _calls.FindTurnsOfThread(runtime, threadId));
        }
    }

    void TouchCall(UsageEvent call, SessionRow owner)
    {
        if (!NamesNoTurns(call.Runtime))
        {
            Touch(call.Runtime, call.Turn!.TurnId);
        }
        else if (call.EventMs is { } ms && call.Turn!.ThreadId is { } threadId)
        {
            _touchedSessions.Add((call.Runtime, owner, ms));
            if (!_bindings.IsNamed(call.Runtime, threadId))
            {
                BindByEvidence(call.Runtime, _evidence.FindOfCall(call.Runtime, owner.Session, ms, threadId));
            }
        }
    }

    void BindByEvidence(string runtime, List<(string ThreadId, long SessionRef, long Ms)> found)
    {
        foreach (var (threadId, sessionRef, ms) in found)
        {
            if (_bindings.Bind(runtime, threadId, turnId: null, _sessions.Get(sessionRef), ms, runId: null))
            {
                TouchBound(runtime, threadId, turnId: null);
            }
        }
    }

    void TouchAll(string runtime, IEnumerable<(long Id, RuntimeTurn Turn)> turns)
    {
        foreach (var (_, turn) in turns)
        {
            Touch(runtime, turn.TurnId);
        }
    }

    void Touch(string runtime, string? turnId)
    {
        if (turnId is { Length: > 0 })
        {
            _touched.Add((runtime, turnId));
        }
    }

    /// <summary>True of a runtime whose calls do not say which turn they are of.</summary>
    static bool NamesNoTurns(string runtime) => runtime is RuntimeName.ClaudeCode;
}
