namespace TokenGovernance.Domain;

/// <summary>What a session key says by itself, for sessions whose metadata is silent.</summary>
/// <remarks>
///     Forms: `agent:&lt;agent&gt;:main`, `…:&lt;channel&gt;:direct|group|channel:&lt;peer&gt;`, `…:cron:&lt;job&gt;[:run:&lt;id&gt;]`,
///     `…:hook:&lt;uuid&gt;`, `…:subagent:&lt;uuid&gt;`, `…:openai[-user]:&lt;id&gt;`, `…:explicit:&lt;id&gt;`; older ones begin with
///     `cron:` or `hook:`.
/// </remarks>
readonly record struct SessionKey(string? Channel, string? ChatType, string? JobId, SessionKeyKind Kind)
{
    public static SessionKey Parse(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return default;
        }

        var parts = key.Split(':');
        var rest = parts.AsSpan(parts is ["agent", _, ..] ? 2 : 0);

        return rest switch
        {
            ["cron", { Length: > 0 } job, ..] => new(null, null, job, SessionKeyKind.Cron),
            ["hook", _, ..] => new(null, null, null, SessionKeyKind.Hook),
            ["heartbeat", ..] => new(null, null, null, SessionKeyKind.Heartbeat),
            ["subagent", _, ..] => new(null, null, null, SessionKeyKind.Subagent),
            ["openai" or "openai-user", _, ..] => new(null, null, null, SessionKeyKind.Api),
            ["explicit", _, ..] => new(null, null, null, SessionKeyKind.Cli),
            ["main", ..] => default,
            [{ Length: > 0 } channel, ("direct" or "group" or "channel") and var chatType, _, ..] =>
                new(channel, chatType, null, SessionKeyKind.Chat),
            _ => default,
        };
    }
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
