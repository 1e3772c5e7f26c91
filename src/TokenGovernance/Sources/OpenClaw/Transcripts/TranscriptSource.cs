using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>All transcripts of one home, folder by folder.</summary>
sealed class TranscriptSource(OpenClawHome home, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    readonly Dictionary<string, AgentTranscripts> _agents = new(StringComparer.Ordinal);

    public string Name => home.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        foreach (var folder in home.FindSessionFolders(time.GetUtcNow().ToUnixTimeMilliseconds(), report))
        {
            if (!_agents.ContainsKey(folder.Path))
            {
                _agents.Add(folder.Path, new AgentTranscripts(home, folder, checkpoints, rules, time));
            }
        }

        news.Parts.AddRange(_agents.Values);
    }
}
