namespace TokenGovernance.Domain;

/// <summary>Decides what started a run from all the evidence there is, so that the order in which it arrives does not matter.</summary>
/// <remarks>
///     The run's own record is the best evidence. From 2026.7 on it says `user` or `cron` of everything, though; there the session's
///     key knows better, so that a word means the same of every version.
/// </remarks>
static class TriggerRule
{
    const string Hook = "hook";
    const string Heartbeat = "heartbeat";
    const string Subagent = "subagent";
    const string Api = "api";
    const string CommandLine = "cli";

    /// <summary>Returns `user`, `cron`, `heartbeat`, `hook`, `subagent`, `api`, `cli`, what the run itself says, or NULL.</summary>
    /// <param name="runTrigger">The trigger of the run's `session.started` record: the best evidence.</param>
    /// <param name="key">What the session's key says.</param>
    /// <param name="channel">The channel known for the event.</param>
    /// <param name="isHook">The session is known to come from a webhook (2026.9.6 runs those under a cron key).</param>
    /// <param name="jobName">Name of the cron job.</param>
    public static string? Resolve(string? runTrigger, SessionKey key, string? channel, bool isHook, string? jobName)
    {
        var byKey = ByKey(key, channel, isHook, jobName);
        var refines = byKey is Hook or Heartbeat or Subagent or Api or CommandLine && runTrigger is ("cron" or "user");

        return runTrigger is null || refines ? byKey : runTrigger;
    }

    static string? ByKey(SessionKey key, string? channel, bool isHook, string? jobName) => key.Kind switch
    {
        SessionKeyKind.Heartbeat => Heartbeat,
        _ when isHook => Hook,
        SessionKeyKind.Hook => Hook,
        SessionKeyKind.Cron => IsHeartbeat(jobName) || IsHeartbeat(key.JobId) ? Heartbeat : "cron",
        SessionKeyKind.Subagent => Subagent,
        SessionKeyKind.Api => Api,
        SessionKeyKind.Cli => CommandLine,
        SessionKeyKind.Chat => "user",
        _ => channel is not null || key.Channel is not null ? "user" : null,
    };

    static bool IsHeartbeat(string? name) => name?.StartsWith(Heartbeat, StringComparison.OrdinalIgnoreCase) == true;
}
