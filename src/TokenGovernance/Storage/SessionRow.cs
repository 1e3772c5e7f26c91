using TokenGovernance.Model;

namespace TokenGovernance.Storage;

/// <summary>One row of `sessions`: all that is known of a session so far.</summary>
sealed class SessionRow(long id, SessionIdentity session)
{
    public long Id { get; } = id;

    public SessionIdentity Session { get; } = session;

    public string? SessionKey { get; set; }

    public string? JobId { get; set; }

    public long? StartedMs { get; set; }

    public bool IsFork { get; set; }

    public string? Channel { get; set; }

    public string? ChatType { get; set; }

    public string? OriginProvider { get; set; }

    public string? SpawnedBy { get; set; }

    public string? ParentSessionKey { get; set; }

    public bool IsHook { get; set; }

    public string? JobName { get; set; }

    /// <summary>Events of this session may be stored already.</summary>
    public bool MayHaveEvents { get; set; } = true;

    /// <summary>Its runs, earliest first; NULL until they are loaded.</summary>
    public List<(long StartedMs, string RunId, string Trigger)>? Runs { get; set; }

    public BirthClaim Claim => new(StartedMs, IsFork, Session.AgentId, Session.SessionId);

    /// <summary>Takes over what a source says; true if anything changed.</summary>
    public bool Merge(SessionInfo info)
    {
        var before = (SessionKey, StartedMs, IsFork, Channel, ChatType, OriginProvider, SpawnedBy, ParentSessionKey, IsHook, JobName);

        // Two keys can share a session: the shorter one is the session's.
        if (info.SessionKey is { } key && (SessionKey is null || key.Length < SessionKey.Length))
        {
            SessionKey = key;
            JobId = Model.SessionKey.Parse(key).JobId;
        }

        if (info.StartedMs is { } started)
        {
            StartedMs = Math.Min(StartedMs ?? long.MaxValue, started);
        }

        IsFork |= info.IsFork;
        IsHook |= info.IsHook;
        Channel = Choose(Channel, info.Channel, info.IsFallback);
        ChatType = Choose(ChatType, info.ChatType, info.IsFallback);
        OriginProvider = Choose(OriginProvider, info.OriginProvider, info.IsFallback);
        SpawnedBy = Choose(SpawnedBy, info.SpawnedBy, info.IsFallback);
        ParentSessionKey = Choose(ParentSessionKey, info.ParentSessionKey, info.IsFallback);
        JobName = Choose(JobName, info.JobName, info.IsFallback);

        return before != (SessionKey, StartedMs, IsFork, Channel, ChatType, OriginProvider, SpawnedBy, ParentSessionKey, IsHook, JobName);
    }

    /// <summary>What started the run that an event belongs to, as far as its session's runs tell.</summary>
    public string? FindRunTrigger(string? runId, long? ms)
    {
        if (Runs is null or [])
        {
            return null;
        }

        string? byTime = null;
        foreach (var run in Runs)
        {
            if (runId is not null && run.RunId == runId)
            {
                return run.Trigger;
            }

            if (run.StartedMs <= ms)
            {
                byTime = run.Trigger;
            }
        }

        return byTime;
    }

    static string? Choose(string? known, string? said, bool isFallback) => isFallback ? known ?? said : said ?? known;
}
