namespace TokenGovernance.Collection;

/// <summary>How quota snapshots are taken.</summary>
sealed record StatusPlan
{
    /// <summary>Path or name of the program; NULL looks for `openclaw` on PATH.</summary>
    public string? OpenClawBin { get; init; }

    /// <summary>Agents to ask for, one reading each; none asks for OpenClaw's default.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>The home that OpenClaw finds by itself: only of others it must be told.</summary>
    public required string DefaultHome { get; init; }

    /// <summary>How long one reading may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Passes of the daemon between two readings.</summary>
    public int EveryPasses { get; init; } = 30;

    /// <summary>How often a reading that repeats the last one is stored all the same.</summary>
    public TimeSpan KeepUnchanged { get; init; } = TimeSpan.FromMinutes(15);
}
