using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Retention;

/// <summary>Finds who is meant by a key as reports show it, without what names a person or a group.</summary>
static class ShownKeys
{
    const int MostShown = 10;
    const string HowToSee = "'token-governance report --by parent --identifiers' shows whole keys.";

    static readonly (string Table, string Column)[] Places =
        [.. new[] { "sessions", "event_attributions" }.SelectMany(table => new[] { "session_key", "spawned_by", "parent_session_key" }.Select(column => (table, column)))];

    /// <summary>The id of the one person or group whose key is shown like that.</summary>
    /// <param name="store">The store.</param>
    /// <param name="shown">Such as `agent:main:telegram:direct:…#1f3a`, or without the digits.</param>
    /// <exception cref="UserFacingException">Nobody's is, or several people's are; the message says what to do.</exception>
    public static string FindPeer(StoreReader store, string shown)
    {
        var all = Places.SelectMany(place => store.ReadNames(place.Table, place.Column)).Distinct(StringComparer.Ordinal)
            .Where(key => !MaskedKey.IsMeantBy(key) && (MaskedKey.Of(key) == shown || MaskedKey.WithDigits(key) == shown)).Order(StringComparer.Ordinal).ToList();
        var keys = all.Select(key => (Key: key, Peer: MaskedKey.PeerOf(key))).Where(found => found.Peer is not null).ToList();
        var peers = keys.Select(found => found.Peer!).Distinct(StringComparer.Ordinal).ToList();

        return peers.Count switch
        {
            0 when all.Count > 0 => throw new UserFacingException($"It is not known which part of '{shown}' is the id of a person or a group. Forget it by --session-key instead: {HowToSee} Nothing was changed."),
            0 => throw new UserFacingException($"No key in the store that names somebody is shown as '{shown}'. Nothing was changed."),
            1 => peers[0],
            _ => throw new UserFacingException($"{peers.Count} people or groups have keys that are shown as '{shown}'. {Which(keys.Select(found => MaskedKey.WithDigits(found.Key)), shown)} Nothing was changed."),
        };
    }

    static string Which(IEnumerable<string> withDigits, string shown)
    {
        var all = withDigits.Distinct(StringComparer.Ordinal).ToList();

        return all is [var only] && only == shown
            ? $"Say which by the id in it: {HowToSee}"
            : $"Say which: {string.Join(", ", all.Take(MostShown))}{(all.Count > MostShown ? $" and {all.Count - MostShown} more" : "")}.";
    }
}
