using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>All databases of one home's agents, where OpenClaw 2026.7.2 and later keep sessions and transcripts.</summary>
sealed class AgentDatabaseSource(OpenClawHome home, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    readonly StateDatabase _state = new(home.Path);
    readonly Dictionary<string, AgentDatabase> _stores = new(StringComparer.Ordinal);
    readonly Dictionary<string, ColdFolder> _cold = new(StringComparer.Ordinal);

    public IEnumerable<Batch> ReadSessions(PassReport report)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _state.Refresh(now, report);
        foreach (var agentId in home.FindAgents(now, report))
        {
            var folder = Path.Combine(home.AgentsFolder, agentId);
            AddStore(Path.Combine(folder, "agent", "openclaw-agent.sqlite"), agentId);
            if (!_cold.ContainsKey(agentId))
            {
                _cold.Add(agentId, new ColdFolder(Path.Combine(folder, "sessions", "cold"), home.Path, agentId, checkpoints, time));
            }
        }

        foreach (var (path, agentId) in _state.AgentByDatabase)
        {
            AddStore(path, agentId);
        }

        return _stores.Values.SelectMany(store => store.ReadSessions(report));
    }

    public IReadOnlyList<IEventReader> FindChanged(PassReport report) =>
    [
        .. _stores.Values.SelectMany(store => store.FindChanged()),
        .. _cold.Values.SelectMany(cold => cold.FindChanged(report)),
    ];

    public IEnumerable<Batch> ReadRuns(long maxBytes, PassReport report)
    {
        var budget = new ByteBudget(maxBytes);

        return _stores.Values.SelectMany(store => store.ReadRuns(budget, report));
    }

    void AddStore(string path, string agentId)
    {
        if (!_stores.ContainsKey(path))
        {
            _stores.Add(path, new AgentDatabase(path, home.Path, agentId, _state, checkpoints, time));
        }
    }
}
