using System.Security.Cryptography;
using System.Text;

namespace TokenGovernance.Domain;

/// <summary>A session key without what names a person or a group: kinds, the channel, the agent and the job stay.</summary>
static class MaskedKey
{
    const string Hidden = "…";
    const int HashDigits = 4;

    /// <summary>Parts of a key that say what kind of conversation it is.</summary>
    static readonly HashSet<string> Kinds = new(
        [
            "main", "direct", "dm", "group", "channel", "slash", "cron", "run", "hook", "subagent", "openai", "openai-user", "explicit", "dashboard",
            "recovered", "acp", "boot", "commitments", "voice", "thread", "topic", "heartbeat",
        ],
        StringComparer.Ordinal);

    static readonly HashSet<string> ChatTypes = new(["direct", "dm", "group", "channel", "slash"], StringComparer.Ordinal);

    /// <summary>Parts of a key that a person or a group follows.</summary>
    static readonly HashSet<string> BeforePeers = new([.. ChatTypes, "openai", "openai-user"], StringComparer.Ordinal);

    /// <summary>True if a text was made here: it hides something.</summary>
    public static bool IsMeantBy(string text) => text.Contains(Hidden, StringComparison.Ordinal);

    /// <summary>A key masked, with some digits that tell two people's sessions apart; as it is if it names nobody.</summary>
    public static string WithDigits(string key) => Of(key) is { } masked && masked != key
        ? $"{masked}#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..HashDigits]}"
        : key;

    /// <summary>The id of the person or the group that a key names; NULL: it names nobody, or that is hidden already.</summary>
    public static string? PeerOf(string key)
    {
        var parts = key.Split(':');
        var at = Array.FindIndex(parts, parts is ["agent", _, ..] ? 2 : 0, BeforePeers.Contains);

        return at >= 0 && at + 1 < parts.Length && parts[at + 1] is { Length: > 0 } peer && peer != Hidden ? peer : null;
    }

    /// <summary>The parts of a key that are hidden: a person may be called as an agent or a channel is.</summary>
    public static IEnumerable<string> HiddenParts(string key) => key.Split(':').Zip(Of(key)!.Split(':')).Where(pair => pair.First != pair.Second).Select(pair => pair.First);

    public static string? Of(string? key)
    {
        if (key is null)
        {
            return null;
        }

        var parts = key.Split(':');
        var start = parts is ["agent", _, ..] ? 2 : 0;

        return string.Join(':', parts.Select((part, i) => i < start || IsPlain(parts, i, start) ? part : Hidden));
    }

    static bool IsPlain(string[] parts, int i, int start) =>
        (i == start && i + 1 < parts.Length && !Kinds.Contains(parts[i]) && parts.Skip(i + 1).Take(2).Any(ChatTypes.Contains))
        || (i > start && parts[i - 1] == "cron")
        || (Kinds.Contains(parts[i]) && !(i > start && WantsId(parts[i - 1])));

    static bool WantsId(string word) => word is "direct" or "dm" or "group" or "channel" or "slash" or "thread" or "topic" or "explicit" or "openai" or "openai-user";
}
