namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>All transcripts of one home, folder by folder.</summary>
sealed class TranscriptSource(OpenClawHome home, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    readonly Dictionary<string, AgentTranscripts> _agents = new(StringComparer.Ordinal);

    public string Name => home.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        foreach (var agent in home.FindSessionFolders(time.GetUtcNow().ToUnixTimeMilliseconds(), report))
        {
            if (!_agents.ContainsKey(agent.Sessions))
            {
                _agents.Add(agent.Sessions, new AgentTranscripts(home, agent, checkpoints, time));
            }
        }

        news.Parts.AddRange(_agents.Values);
    }
}
