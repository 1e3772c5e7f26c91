namespace TokenGovernance.Domain;

/// <summary>What one source knows about a session. NULL is "this source does not say".</summary>
/// <remarks>No label, display name or subject is here: they hold people's words.</remarks>
sealed record SessionInfo(SessionIdentity Session)
{
    /// <summary>Routing key, such as `agent:main:telegram:direct:4242`.</summary>
    public string? SessionKey { get; init; }

    /// <summary>Time of the transcript's header in ms since 1970, of trusted headers only. It decides who owns an event.</summary>
    public long? StartedMs { get; init; }

    /// <summary>The header names a parent transcript: this session began as a copy.</summary>
    public bool IsFork { get; init; }

    public string? Channel { get; init; }

    public string? ChatType { get; init; }

    public string? OriginProvider { get; init; }

    /// <summary>Key of the session that started this one as a sub-agent.</summary>
    public string? SpawnedBy { get; init; }

    /// <summary>Key of the session this one was forked from.</summary>
    public string? ParentSessionKey { get; init; }

    /// <summary>A webhook started it, whatever its key looks like.</summary>
    public bool IsHook { get; init; }

    /// <summary>Name of the cron job in <see cref="SessionKey" />, where OpenClaw keeps one.</summary>
    public string? JobName { get; init; }

    /// <summary>How OpenClaw says the session came to be: `operator`, `channel`, `cron`, `spawn`, …</summary>
    public string? CreatedVia { get; init; }

    /// <summary>The session of Claude Code that answers in this one.</summary>
    public string? ClaudeSessionId { get; init; }

    /// <summary>Evidence of second rank (an old index, a trajectory): it fills what is unknown and replaces nothing.</summary>
    public bool IsFallback { get; init; }
}
