namespace TokenGovernance.Domain;

/// <summary>The turn of another runtime that an event belongs to, in that runtime's own ids; NULL is "not known".</summary>
/// <param name="ThreadId">The thread, or whatever the runtime calls its session.</param>
/// <param name="TurnId">One question and all calls that it led to.</param>
sealed record RuntimeTurn(string? ThreadId, string? TurnId)
{
    /// <summary>For a native subagent the thread that OpenClaw talks to.</summary>
    public string? RootThreadId { get; init; }

    /// <summary>For a native subagent the turn of that thread that it works for.</summary>
    public string? RootTurnId { get; init; }
}
