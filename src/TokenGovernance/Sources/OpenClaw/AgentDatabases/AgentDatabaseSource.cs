using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>All databases of one home's agents, where OpenClaw 2026.7.2 and later keep sessions and transcripts.</summary>
sealed class AgentDatabaseSource(OpenClawHome home, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    readonly StateDatabase _state = new(home, checkpoints, rules, time);
    readonly Dictionary<string, IUsageSource> _databases = new(StringComparer.Ordinal);
    readonly Dictionary<string, IUsageSource> _cold = new(StringComparer.Ordinal);

    public string Name => home.Path;

    /// <remarks>The state database comes first: it says where the others are.</remarks>
    public void Poll(SourceNews news, PassReport report) => news.Parts.AddRange([_state, new Group(this)]);

    void FindDatabases(SourceNews news, PassReport report)
    {
        foreach (var agent in home.FindAgents(time.GetUtcNow().ToUnixTimeMilliseconds(), report))
        {
            Add(agent.Database, agent.Sessions);
        }

        foreach (var (path, agentId) in _state.AgentByDatabase.Where(pair => !IsKnown(pair.Key)))
        {
            Add(path, home.AddDatabase(path, agentId));
        }

        news.Parts.AddRange([.. _databases.Values, .. _cold.Values]);
    }

    /// <summary>The same file may have another path, by a link.</summary>
    bool IsKnown(string path) => _databases.ContainsKey(path)
        || (FileStat.Of(path) is { Kind: FileKind.File, FileId: not 0 } stat && _databases.Keys.Any(known => FileStat.Of(known) == stat));

    void Add(string path, SessionFolder sessions)
    {
        if (!_databases.ContainsKey(path))
        {
            _databases.Add(path, new AgentDatabase(new DatabaseLocation(path, home.Path, sessions.AgentId), _state, checkpoints, rules, time));
        }

        if (!_cold.ContainsKey(sessions.Cold))
        {
            _cold.Add(sessions.Cold, new ColdFolder(sessions.Cold, home.Path, sessions.AgentId, checkpoints, rules, time));
        }
    }

    /// <summary>What is known of once the state database has been read.</summary>
    sealed class Group(AgentDatabaseSource source) : IUsageSource
    {
        public string Name => source.Name;

        public void Poll(SourceNews news, PassReport report) => source.FindDatabases(news, report);
    }
}
