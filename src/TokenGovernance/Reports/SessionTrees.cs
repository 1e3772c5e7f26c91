using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Finds who started a sub-agent, and who started that one, up to the session at the root of the tree.</summary>
/// <param name="starters">The key of the session that started another, by the home and key of that.</param>
/// <param name="withIdentifiers">Show keys as they are.</param>
sealed class SessionTrees(Dictionary<(string Home, string Key), string> starters, bool withIdentifiers)
{
    /// <summary>The key of the root; of a session that nobody started its own, or its id if it has no key.</summary>
    public string? RootOf(string? home, string? session, string? key, string? spawnedBy)
    {
        if ((spawnedBy ?? key) is not { } root)
        {
            return session;
        }

        // A tree that bites its tail has no root: any of its keys will do, but always the same one.
        var seen = new HashSet<string>(StringComparer.Ordinal) { root };
        while (starters.TryGetValue((home ?? "", root), out var next))
        {
            if (!seen.Add(next))
            {
                root = seen.Min(StringComparer.Ordinal)!;
                break;
            }

            root = next;
        }

        return withIdentifiers ? root : MaskedKey.WithDigits(root);
    }
}
