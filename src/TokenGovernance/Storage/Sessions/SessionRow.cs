using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Sessions;

/// <summary>One row of `sessions`: all that is known of a session so far.</summary>
sealed class SessionRow(long id, SessionIdentity session)
{
    SessionKey _keyFacts;

    public long Id { get; } = id;

    public SessionIdentity Session { get; } = session;

    public string? SessionKey { get; private set; }

    /// <summary>Only a trajectory, or the like, says what the key is.</summary>
    public bool IsKeyFallback { get; set; }

    public string? JobId => _keyFacts.JobId;

    public long? StartedMs { get; set; }

    public bool IsFork { get; set; }

    /// <summary>The channel that metadata names; see <see cref="EventChannel" />.</summary>
    public string? Channel { get; set; }

    /// <summary>The chat type that metadata names; see <see cref="EventChatType" />.</summary>
    public string? ChatType { get; set; }

    /// <summary>The channel for events: where metadata is silent, the key's.</summary>
    public string? EventChannel => Channel ?? _keyFacts.Channel;

    /// <summary>The chat type for events: where metadata is silent, the key's.</summary>
    public string? EventChatType => ChatType ?? _keyFacts.ChatType;

    public string? OriginProvider { get; set; }

    public string? SpawnedBy { get; set; }

    public string? ParentSessionKey { get; set; }

    public bool IsHook { get; set; }

    public string? CreatedVia { get; set; }

    public string? JobName { get; set; }

    /// <summary>Events of this session may be stored already.</summary>
    public bool MayHaveEvents { get; set; } = true;

    /// <summary>When it was last seen, as the store has it; NULL if that was not read.</summary>
    public string? LastSeen { get; set; }

    /// <summary>Its runs, earliest first; NULL until they are loaded.</summary>
    public List<(long StartedMs, string RunId, string Trigger)>? Runs { get; set; }

    public OwnershipClaim Claim => new(StartedMs, IsFork, Session.AgentId, Session.SessionId);

    (string?, bool, long?, bool, string?, string?, string?, string?, string?, bool, string?, string?) Facts =>
        (SessionKey, IsKeyFallback, StartedMs, IsFork, Channel, ChatType, OriginProvider, SpawnedBy, ParentSessionKey, IsHook, JobName, CreatedVia);

    /// <summary>Takes over what a source says; true if anything changed.</summary>
    public bool Merge(SessionInfo info)
    {
        var before = Facts;

        // Two keys can share a session: the shorter one is the session's. A trajectory's word on it gives way to an index's.
        if (info.SessionKey is { } key && (SessionKey is null || (info.IsFallback == IsKeyFallback ? IsBetter(key, SessionKey) : IsKeyFallback)))
        {
            SetKey(key);
            IsKeyFallback = info.IsFallback;
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
        CreatedVia = Choose(CreatedVia, info.CreatedVia, info.IsFallback);

        return before != Facts;
    }

    public void SetKey(string? key)
    {
        SessionKey = key;
        _keyFacts = Domain.SessionKey.Parse(key);
    }

    /// <summary>What started an event's run, by all the evidence there is of this session.</summary>
    public string? ResolveTrigger(UsageEvent usage) => ResolveTrigger(EventChannel, usage.RunId, usage.StartedMs ?? usage.EventMs);

    /// <summary>As above, for an event that is stored.</summary>
    /// <param name="channel">The channel known for the event.</param>
    /// <param name="runId">Its run, where the transcript names it.</param>
    /// <param name="ms">When its call began.</param>
    public string? ResolveTrigger(string? channel, string? runId, long? ms) =>
        TriggerRule.Resolve(FindRunTrigger(runId, ms), _keyFacts, channel, IsHook, JobName);

    /// <summary>What started the run that an event belongs to, as far as its session's runs tell.</summary>
    string? FindRunTrigger(string? runId, long? ms)
    {
        if (Runs is null or [])
        {
            return null;
        }

        if (runId is not null && Runs.Find(run => run.RunId == runId) is { RunId: not null } own)
        {
            return own.Trigger;
        }

        // A run whose id is known, but of which there is no record, is not the run of another id that began before it.
        return Runs.FindLast(run => run.StartedMs <= ms && (runId is null || run.RunId.Length == 0)).Trigger;
    }

    /// <summary>The shorter of two keys, or of two of one length the first by its text: never the one that was met first.</summary>
    static bool IsBetter(string key, string than) =>
        key.Length != than.Length ? key.Length < than.Length : string.CompareOrdinal(key, than) < 0;

    static string? Choose(string? known, string? said, bool isFallback) => isFallback ? known ?? said : said ?? known;
}
