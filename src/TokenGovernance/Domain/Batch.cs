namespace TokenGovernance.Domain;

/// <summary>Things read together, and the checkpoints that become true once they are stored: all or nothing.</summary>
sealed record Batch
{
    /// <summary>Facts about sessions; stored before the events, so that those find them.</summary>
    public IReadOnlyList<SessionInfo> Sessions { get; init; } = [];

    public IReadOnlyList<UsageEvent> Events { get; init; } = [];

    public IReadOnlyList<RunStart> Runs { get; init; } = [];

    /// <summary>In which sessions threads of other runtimes answer.</summary>
    public IReadOnlyList<ThreadSighting> Threads { get; init; } = [];

    public IReadOnlyList<Checkpoint> Checkpoints { get; init; } = [];

    /// <summary>Bytes read for this batch.</summary>
    public long BytesRead { get; init; }

    /// <summary>Lines that were no JSON object and could not be understood.</summary>
    public int BadLines { get; init; }

    /// <summary>Where the first bad line is, for the one message about it.</summary>
    public string? FirstBadLine { get; init; }
}
