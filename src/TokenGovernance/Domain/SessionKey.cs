namespace TokenGovernance.Domain;

/// <summary>What a session key says by itself, for sessions whose metadata is silent.</summary>
/// <remarks>
///     Forms, all after `agent:&lt;agent&gt;:` (the oldest have no such beginning): `main`; `&lt;channel&gt;:direct|dm|group|channel:&lt;peer&gt;`,
///     `&lt;channel&gt;:&lt;account&gt;:direct:&lt;peer&gt;`, `direct:&lt;peer&gt;`, `&lt;channel&gt;:slash:&lt;peer&gt;`; `cron:&lt;job&gt;[:run:&lt;id&gt;]`;
///     `hook:&lt;uuid&gt;`; `subagent:&lt;uuid&gt;`; `openai[-user]:&lt;id&gt;`; `explicit:&lt;id&gt;`; `dashboard|recovered|acp|boot|commitments|voice…`,
///     which say nothing here. Any of them may go on with `:thread:&lt;id&gt;` or `:topic:&lt;id&gt;`, and end in `:heartbeat`, once or
///     several times, or in `:heartbeat-recovered-…`: then a heartbeat runs beside that session.
/// </remarks>
readonly record struct SessionKey(string? Channel, string? ChatType, string? JobId, SessionKeyKind Kind)
{
    const string Heartbeat = "heartbeat";

    public static SessionKey Parse(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return default;
        }

        var parts = key.Split(':');
        var rest = parts.AsSpan(parts is ["agent", _, ..] ? 2 : 0);
        var withoutHeartbeat = WithoutHeartbeat(rest);
        var known = ParseRest(withoutHeartbeat);

        return withoutHeartbeat.Length < rest.Length ? known with { Kind = SessionKeyKind.Heartbeat } : known;
    }

    static SessionKey ParseRest(ReadOnlySpan<string> rest) => rest switch
    {
        ["cron", { Length: > 0 } job, ..] => new(null, null, job, SessionKeyKind.Cron),
        ["hook", _, ..] => new(null, null, null, SessionKeyKind.Hook),
        [Heartbeat, ..] => new(null, null, null, SessionKeyKind.Heartbeat),
        ["subagent", _, ..] => new(null, null, null, SessionKeyKind.Subagent),
        ["openai" or "openai-user", _, ..] => new(null, null, null, SessionKeyKind.Api),
        ["explicit", _, ..] => new(null, null, null, SessionKeyKind.Cli),
        ["main" or "dashboard" or "recovered" or "acp" or "boot" or "commitments" or "voice", ..] => default,
        ["direct" or "dm", { Length: > 0 }, ..] => new(null, "direct", null, SessionKeyKind.Chat),
        [{ Length: > 0 } channel, "direct" or "dm", _, ..] => new(channel, "direct", null, SessionKeyKind.Chat),
        [{ Length: > 0 } channel, ("group" or "channel") and var chatType, _, ..] => new(channel, chatType, null, SessionKeyKind.Chat),
        [{ Length: > 0 } channel, "slash", _, ..] => new(channel, null, null, SessionKeyKind.Chat),
        [{ Length: > 0 } channel, { Length: > 0 }, "direct" or "dm", _, ..] => new(channel, "direct", null, SessionKeyKind.Chat),
        _ => default,
    };

    /// <summary>Leaves the endings of a heartbeat off. A word that wants an id keeps what follows it: a job may be called `heartbeat`.</summary>
    static ReadOnlySpan<string> WithoutHeartbeat(ReadOnlySpan<string> rest)
    {
        var length = rest.Length;
        while (length > 0 && IsEnding(rest[length - 1]) && !(length > 1 && WantsId(rest[length - 2])))
        {
            length--;
        }

        return rest[..length];
    }

    static bool IsEnding(string part) => part is Heartbeat || part.StartsWith($"{Heartbeat}-recovered-", StringComparison.Ordinal);

    static bool WantsId(string word) =>
        word is "cron" or "run" or "hook" or "subagent" or "openai" or "openai-user" or "explicit" or "direct" or "dm" or "group" or "channel"
            or "slash" or "thread" or "topic" or "dashboard" or "recovered";
}

/// <summary>What kind of conversation a session key names.</summary>
enum SessionKeyKind
{
    Unknown,
    Chat,
    Cron,
    Hook,
    Heartbeat,
    Subagent,
    Api,
    Cli,
}
