using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Knows what the lines of a rollout mean, one after the other: which of them tell of a model call, and which only repeat one.</summary>
/// <remarks>
///     A `token_usage_record` is a call. A `token_count` is one only in turns without records (older Codex), and only where the
///     total changed: it is said again when a turn begins, and after a compaction as an estimate. Totals go on from those of other
///     files and miss remote compactions, so nothing is ever taken from the last one. Forks and subagents of older Codex begin with
///     copies of their parent's lines, with new timestamps: turn ids and totals are what copies keep.
/// </remarks>
/// <param name="state">What earlier lines said; updated.</param>
sealed class RolloutWalker(RolloutState state)
{
    readonly RolloutLine _line = new();

    /// <summary>Reads the next line of the file.</summary>
    /// <param name="json">The line without white space around it.</param>
    /// <param name="call">The call it tells of, or NULL.</param>
    /// <returns>False if it is no JSON object.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, out RolloutCall? call)
    {
        call = null;
        if (!_line.TryRead(json))
        {
            return false;
        }

        switch (_line.Kind)
        {
            case RolloutLineKind.SessionMeta:
                ReadMeta();
                break;
            case RolloutLineKind.TurnStart:
                state.Enter(_line.TurnId);
                break;
            case RolloutLineKind.TurnContext:
                state.Enter(_line.TurnId);
                state.HasContext = true;
                state.Model = _line.Model ?? state.Model;
                state.RootTurnId = _line.RootTurnId ?? state.RootTurnId;
                break;
            case RolloutLineKind.Settings:
                state.Model ??= _line.Model;
                break;
            case RolloutLineKind.UsageRecord:
                call = ReadRecord();
                break;
            case RolloutLineKind.TokenCount:
                TakeLimits();
                call = ReadCount() ?? TakePending();
                break;
        }

        return true;
    }

    void ReadMeta()
    {
        if (state.HasMeta)
        {
            // Those after the first are the ancestors', the nearest first.
            state.AncestorId = _line.ThreadId != state.ThreadId ? _line.ThreadId : state.AncestorId;

            return;
        }

        state.HasMeta = true;
        state.ThreadId = _line.ThreadId ?? state.ThreadId;
        state.RootThreadId = _line.RootThreadId;
        state.IsFork = _line.IsFork;
        state.Originator = _line.Originator;
        state.Provider = _line.Provider;
    }

    RolloutCall? ReadRecord()
    {
        state.Enter(_line.TurnId);
        if (state.TurnId is { } turnId)
        {
            state.AddRecordTurn(turnId);
        }

        if (_line.Usage is not { } usage)
        {
            return null;
        }

        var identity = _line.ResponseId is { } response ? $"response:{response}" : $"total:{_line.Total?.Total}";
        var isCopy = _line.ThreadId is { } thread && state.ThreadId is { } own && thread != own;

        return MakeCall(PendingOf(identity, usage, isCopy) with { RootTurnId = _line.RootTurnId ?? state.RootTurnId, ResponseId = _line.ResponseId });
    }

    /// <summary>A count says whether a plan pays; of the record before it that is not known yet where it is the first.</summary>
    void TakeLimits()
    {
        if (_line.HasLimits)
        {
            state.IsPlanPaid = _line.Plan is { Length: > 0 };
            state.Pending = state.IsPlanPaid ? state.Pending : null;
        }
    }

    /// <summary>Tells of a call once more, now that it is known that a plan pays.</summary>
    RolloutCall? TakePending() => state.IsPlanPaid && state.Pending is { Counts.Length: 6 } call ? MakeCall(call) : null;

    RolloutCall? ReadCount()
    {
        if (_line.Total is not { } total)
        {
            return null;
        }

        var before = state.LastTotal;
        state.LastTotal = total;
        if (state.TurnId is { } turnId && state.RecordTurns.Contains(turnId))
        {
            return null;
        }

        if (before is { } last && (last.Input, last.Output, last.Total) == (total.Input, total.Output, total.Total))
        {
            return null;
        }

        if (FindUsage(total, before) is not { } usage)
        {
            return null;
        }

        var isCopy = Uuid7.TimeOf(state.TurnId) < Uuid7.TimeOf(state.ThreadId);

        return MakeCall(PendingOf($"total:{total.Total}", usage, isCopy));
    }

    /// <summary>The usage that a changed total stands for: the last call's, or else what the total grew by.</summary>
    CodexUsage? FindUsage(CodexUsage total, CodexUsage? before)
    {
        // The total of a fork goes on from its parent's, which this file need not hold.
        if (before is null && state.IsFork && (!state.HasContext || _line.Usage is null))
        {
            return null;
        }

        if (_line.Usage is { IsMeasured: true })
        {
            return _line.Usage;
        }

        // A total that fell is that of a new row; with a last call of nothing it is no call.
        var growth = before is { } last ? total.Since(last) ?? (_line.Usage is null ? total : null) : total;

        return growth is { IsMeasured: true } ? growth : null;
    }

    RolloutPending PendingOf(string identity, CodexUsage usage, bool isCopy) => new()
    {
        Identity = identity,
        TimestampMs = _line.TimestampMs,
        IsCopy = isCopy,
        TurnId = state.TurnId,
        RootTurnId = state.RootTurnId,
        Model = state.Model,
        Counts = [usage.Input, usage.Cached, usage.CacheWrite, usage.Output, usage.Reasoning, usage.Total],
    };

    RolloutCall MakeCall(RolloutPending call)
    {
        var turnMs = Uuid7.TimeOf(call.TurnId);
        state.Pending = state.IsPlanPaid || call.ResponseId is null ? null : call;

        // Without a turn a copy shows only in its totals: the first ancestor stands for the thread and all its forks.
        var turn = call.TurnId ?? $"thread:{state.AncestorId ?? state.ThreadId}";

        return new RolloutCall(
            EventKey.FromCall($"codex:{turn}:{call.Identity}", turnMs),
            call.IsCopy ? turnMs ?? call.TimestampMs : call.TimestampMs,
            call.IsCopy ? null : state.ThreadId,
            call.TurnId,
            call.RootTurnId,
            call.IsCopy ? null : state.RootThreadId,
            call.ResponseId,
            state.Provider,
            call.Model,
            call.Usage.ToTokens(),
            state.IsPlanPaid);
    }
}
