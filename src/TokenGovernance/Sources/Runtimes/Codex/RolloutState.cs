using System.Text.Json.Serialization;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>What the lines read so far say about later ones. It is part of the rollout's checkpoint.</summary>
sealed record RolloutState
{
    /// <summary>Turns with records that are remembered; a turn does not come back after so many others.</summary>
    const int MaxTurns = 64;

    /// <summary>The file's own thread: of its first `session_meta`, before that of its name.</summary>
    [JsonPropertyName("t")]
    public string? ThreadId { get; set; }

    /// <summary>The thread at the root of the tree of subagents.</summary>
    [JsonPropertyName("r")]
    public string? RootThreadId { get; set; }

    /// <summary>The first thread that this one was copied from, as far as the file says.</summary>
    [JsonPropertyName("a")]
    public string? AncestorId { get; set; }

    [JsonPropertyName("h")]
    public bool HasMeta { get; set; }

    [JsonPropertyName("k")]
    public bool IsFork { get; set; }

    /// <summary>The program that began the thread: `openclaw` for OpenClaw's.</summary>
    [JsonPropertyName("o")]
    public string? Originator { get; set; }

    [JsonPropertyName("p")]
    public string? Provider { get; set; }

    [JsonPropertyName("l")]
    public string? Model { get; set; }

    [JsonPropertyName("u")]
    public string? TurnId { get; set; }

    [JsonPropertyName("ur")]
    public string? RootTurnId { get; set; }

    /// <summary>The turn's `turn_context` has been read.</summary>
    [JsonPropertyName("uc")]
    public bool HasContext { get; set; }

    /// <summary>The last `total_token_usage`: input, cached, cache write, output, reasoning, total.</summary>
    [JsonPropertyName("z")]
    public long[]? Totals { get; set; }

    [JsonIgnore]
    public CodexUsage? LastTotal
    {
        get => Totals is [var input, var cached, var cacheWrite, var output, var reasoning, var total]
            ? new CodexUsage(input, cached, cacheWrite, output, reasoning, total)
            : null;
        set => Totals = value is { } usage
            ? [usage.Input, usage.Cached, usage.CacheWrite, usage.Output, usage.Reasoning, usage.Total]
            : null;
    }

    /// <summary>The last count with limits named a plan.</summary>
    [JsonPropertyName("b")]
    public bool IsPlanPaid { get; set; }

    /// <summary>A call of which it is not known yet whether a plan pays: the count that follows it tells.</summary>
    [JsonPropertyName("q")]
    public RolloutPending? Pending { get; set; }

    /// <summary>The last turns that have usage records.</summary>
    [JsonPropertyName("w")]
    public List<string> RecordTurns { get; set; } = [];

    /// <summary>The state as it is now.</summary>
    public RolloutState Copy() => this with { RecordTurns = [.. RecordTurns] };

    /// <summary>Goes to a turn, which may be the present one.</summary>
    public void Enter(string? turnId)
    {
        if (turnId is not null && turnId != TurnId)
        {
            (TurnId, RootTurnId, HasContext) = (turnId, null, false);
        }
    }

    public void AddRecordTurn(string turnId)
    {
        if (RecordTurns.Contains(turnId))
        {
            return;
        }

        if (RecordTurns.Count == MaxTurns)
        {
            RecordTurns.RemoveAt(0);
        }

        RecordTurns.Add(turnId);
    }
}
