namespace TokenGovernance.Domain;

/// <summary>A session key without what names a person or a group: kinds, the channel, the agent and the job stay.</summary>
static class MaskedKey
{
    const string Hidden = "…";

    /// <summary>Parts of a key that say what kind of conversation it is.</summary>
    static readonly HashSet<string> Kinds = new(
        [
            "main", "direct", "dm", "group", "channel", "slash", "cron", "run", "hook", "subagent", "openai", "openai-user", "explicit", "dashboard",
            "recovered", "acp", "boot", "commitments", "voice", "thread", "topic", "heartbeat",
        ],
        StringComparer.Ordinal);

    static readonly HashSet<string> ChatTypes = new(["direct", "dm", "group", "channel", "slash"], StringComparer.Ordinal);

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
