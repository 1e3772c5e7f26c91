using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Turns;

/// <summary>One account of a turn that OpenClaw wrote, and the event that stands for it now.</summary>
sealed record MirroredRow
{
    /// <summary>Key of the row that OpenClaw wrote.</summary>
    public required EventKey Key { get; init; }

    public required long ModelId { get; init; }

    /// <summary>When the call began, else when it was written.</summary>
    public long? UsageMs { get; init; }

    /// <summary>It has a cost: that is of the whole turn, and stays.</summary>
    public bool HasCost { get; init; }

    public string? ThreadId { get; init; }

    /// <summary>All that it says was used.</summary>
    public TokenCounts Tokens { get; init; }

    /// <summary>The event that stands for it, or NULL. Somebody may have deleted it: then there is no <see cref="StoredKey" />.</summary>
    public long? EventId { get; init; }

    public EventKey? StoredKey { get; init; }

    public TokenCounts StoredTokens { get; init; }

    /// <summary>The session that event is of.</summary>
    public long? SessionRef { get; init; }

    /// <summary>What remains of it beside the calls of its turn.</summary>
    /// <param name="calls">What the calls used; NULL if none is known.</param>
    /// <returns>NULL if nothing remains.</returns>
    public TokenCounts? Beside(TokenCounts? calls)
    {
        if (calls is not { } known)
        {
            return Tokens;
        }

        var rest = Tokens.Less(known);
        var remains = rest.Total is { } total ? total > 0 : rest.AnyUsed;

        return remains ? rest : HasCost ? Tokens.Less(Tokens) : null;
    }
}
