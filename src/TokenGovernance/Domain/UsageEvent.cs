namespace TokenGovernance.Domain;

/// <summary>One model response and what it used. Stored once; tokens, cost and time never change.</summary>
/// <remarks>Channel, trigger and the like are facts of its session and are joined to it when it is stored.</remarks>
sealed record UsageEvent
{
    /// <summary>The stop reason of a call that failed.</summary>
    public const string Failed = "error";

    /// <summary>The stop reason of a call that was broken off.</summary>
    public const string Aborted = "aborted";

    public required EventKey Key { get; init; }

    /// <summary>The session whose transcript it was read from. Which session owns it is decided in the store.</summary>
    public required SessionIdentity Session { get; init; }

    public string? EntryId { get; init; }

    /// <summary>The entry has no id (yet): OpenClaw gave those of the oldest transcripts ids later, while copies stayed as they were.</summary>
    public bool IsNameless { get; init; }

    /// <summary>The how-manieth response of its transcript with the same <see cref="EventContent" />; mostly the first.</summary>
    public int Ordinal { get; set; } = 1;

    /// <summary>When it was written: the entry's own timestamp, else the message's. Milliseconds since 1970, UTC.</summary>
    public long? EventMs { get; init; }

    /// <summary>When the call began (`message.timestamp`). Milliseconds since 1970, UTC.</summary>
    public long? StartedMs { get; init; }

    public string? ModelProvider { get; init; }

    public string? Model { get; init; }

    public string? Api { get; init; }

    public string? StopReason { get; init; }

    public string? ResponseId { get; init; }

    public string? ResponseModel { get; init; }

    public string? RunId { get; init; }

    /// <summary>What carried the call out; see <see cref="RuntimeName" />.</summary>
    public string Runtime { get; init; } = RuntimeName.OpenClaw;

    public EventScope Scope { get; init; }

    /// <summary>The turn of another runtime; NULL for OpenClaw's own.</summary>
    public RuntimeTurn? Turn { get; init; }

    public TokenCounts Tokens { get; init; }

    public Cost Cost { get; init; }

    /// <summary>Full path of the file (for a database row, the database) it was read from.</summary>
    public required string SourceFile { get; init; }

    /// <summary>Line in that file, counted from 1 (for a database row, seq + 1).</summary>
    public long SourceLineNo { get; init; }
}
