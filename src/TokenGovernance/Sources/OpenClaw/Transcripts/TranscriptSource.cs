using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>All session logs of one home: transcripts, their archives and trajectories, agent by agent.</summary>
sealed class TranscriptSource(OpenClawHome home, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    readonly Dictionary<string, AgentTranscripts> _agents = new(StringComparer.Ordinal);

    public IEnumerable<Batch> ReadSessions(PassReport report)
    {
        foreach (var agentId in home.FindAgents(time.GetUtcNow().ToUnixTimeMilliseconds(), report))
        {
            if (!_agents.ContainsKey(agentId))
            {
                _agents.Add(agentId, new AgentTranscripts(home.Path, agentId, checkpoints, time));
            }
        }

        return _agents.Values.SelectMany(agent => agent.ReadSessions(report));
    }

    public IReadOnlyList<IEventReader> FindChanged(PassReport report) =>
        [.. _agents.Values.SelectMany(agent => agent.FindChanged(report))];

    public IEnumerable<Batch> ReadRuns(long maxBytes, PassReport report)
    {
        var budget = new ByteBudget(maxBytes);

        return _agents.Values.SelectMany(agent => agent.ReadRuns(budget, report));
    }
}
