using TokenGovernance.Domain;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>A session as the rows of the original tell it.</summary>
sealed class LegacySession
{
    /// <summary>Its row in `sessions`; 0 until an event that is kept needs one.</summary>
    public long Id { get; set; }

    public string? Key { get; private set; }

    public bool IsFork { get; private set; }

    /// <summary>
    ///     When a fork was made, by its name; of another session the first thing seen in it: its header, which the original did not
    ///     store, cannot be younger.
    /// </summary>
    public long? StartedMs { get; private set; }

    /// <summary>What decides births, without names: between equals the older row stays.</summary>
    public OwnershipClaim Claim => new(StartedMs, IsFork, "", "");

    public void Add(LegacyPath path, string? key, long? firstMs)
    {
        if (key is not null && (Key is null || key.Length < Key.Length || (key.Length == Key.Length && string.CompareOrdinal(key, Key) < 0)))
        {
            Key = key;
        }

        if (path.ForkedMs is { } forked)
        {
            IsFork = true;
            StartedMs = forked;
        }
        else if (!IsFork && firstMs is { } ms)
        {
            StartedMs = Math.Min(StartedMs ?? long.MaxValue, ms);
        }
    }

    /// <summary>The session that a row of the original belongs to.</summary>
    public static SessionIdentity IdentityOf(LegacyPath path, string? agentId, string? sessionId) => new(
        path.Home ?? "",
        path.AgentId ?? agentId ?? "",
        sessionId is null || sessionId == path.Stem ? path.SessionId : sessionId);
}
