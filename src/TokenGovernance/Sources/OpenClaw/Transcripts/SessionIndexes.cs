using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The session indexes of one agent: the live one, and those that a migration set aside.</summary>
sealed class SessionIndexes(AgentFolder agent, StoredCheckpoints checkpoints)
{
    // The live index first: an old one only fills what that leaves open.
    readonly Dictionary<string, IndexFile> _indexes = new(StringComparer.Ordinal)
    {
        [agent.Index] = New(agent.Index, agent, isFallback: false, checkpoints),
    };

    /// <summary>Takes over the names in the import archive.</summary>
    public void Update(IEnumerable<string> importedNames)
    {
        foreach (var path in importedNames.Where(AgentFolder.IsLegacyIndex).Select(name => Path.Combine(agent.ImportArchive, name)))
        {
            if (!_indexes.ContainsKey(path))
            {
                _indexes.Add(path, New(path, agent, isFallback: true, checkpoints));
            }
        }
    }

    /// <summary>Reads indexes that changed.</summary>
    public void Poll(SourceNews news, TimeProvider time, PassReport report)
    {
        foreach (var index in _indexes.Values)
        {
            if (index.Refresh(time, report) is { } batch)
            {
                news.Sessions.Add(batch);
            }
        }
    }

    /// <summary>The session of a file: an index knows it best, then its name; its header is the last to be believed.</summary>
    public string SessionIdOf(TranscriptName name, PassReport report)
    {
        var live = name.Kind is TranscriptKind.Trajectory ? $"{name.Stem}.jsonl" : name.BaseName;

        return _indexes.Values.Select(index => index.FindSessionId(live, report)).FirstOrDefault(id => id is not null) ?? name.SessionId;
    }

    static IndexFile New(string path, AgentFolder agent, bool isFallback, StoredCheckpoints checkpoints) =>
        new(path, agent, isFallback, FileCheckpoint.Parse(checkpoints.Take(IndexFile.KeyOf(path))));
}
