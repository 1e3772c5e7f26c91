namespace TokenGovernance.Domain;

/// <summary>What tells whether a session owns an event: the header of its transcript, and for ties its name.</summary>
/// <param name="StartedMs">Time of its trusted header, or NULL.</param>
/// <param name="IsFork">It began as a copy of another session.</param>
readonly record struct OwnershipClaim(long? StartedMs, bool IsFork, string AgentId, string SessionId);

/// <summary>Decides which of several sessions owns an event: the one that it was first written in. OpenClaw copies events into forks.</summary>
/// <remarks>The rule is a total order over sessions, so that the order in which copies are read never changes the result.</remarks>
static class OwnershipRule
{
    /// <summary>True if <paramref name="other" /> has the better claim on an event written at <paramref name="eventMs" />.</summary>
    public static bool Outranks(OwnershipClaim other, OwnershipClaim owner, long? eventMs)
    {
        // An entry older than its transcript's header was copied there; a transcript without a trusted header claims nothing.
        var byClaim = MayClaim(owner, eventMs).CompareTo(MayClaim(other, eventMs));
        if (byClaim != 0)
        {
            return byClaim < 0;
        }

        // Among equals the earliest header wins, then the session that is no fork; the rest only makes the order total.
        var byStart = (other.StartedMs ?? long.MaxValue).CompareTo(owner.StartedMs ?? long.MaxValue);
        var byFork = other.IsFork.CompareTo(owner.IsFork);
        var byAgent = string.CompareOrdinal(other.AgentId, owner.AgentId);
        var bySession = string.CompareOrdinal(other.SessionId, owner.SessionId);
        var order = byStart != 0 ? byStart : byFork != 0 ? byFork : byAgent != 0 ? byAgent : bySession;

        return order < 0;
    }

    static bool MayClaim(OwnershipClaim claim, long? eventMs) => claim.StartedMs is { } start && eventMs is { } ms && ms >= start;
}
