using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The session indexes of one folder: the live one, and those that a migration set aside.</summary>
sealed class SessionIndexes(SessionFolder folder, StoredCheckpoints checkpoints)
{
    // The live index first: an old one only fills what that leaves open.
    readonly Dictionary<string, IndexFile> _indexes = new(StringComparer.Ordinal)
    {
        [folder.Index] = New(folder.Index, folder, isFallback: false, checkpoints),
    };

    /// <summary>Takes over the names in the import archive.</summary>
    public void Update(IEnumerable<string> importedNames)
    {
        foreach (var path in importedNames.Where(SessionFolder.IsLegacyIndex).Select(name => Path.Combine(folder.ImportArchive, name)))
        {
            if (!_indexes.ContainsKey(path))
            {
                _indexes.Add(path, New(path, folder, isFallback: true, checkpoints));
            }
        }
    }

    /// <summary>Reads indexes that changed.</summary>
    /// <param name="changed">Transcripts that changed, by their live names.</param>
    /// <param name="news">Receives facts about sessions.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Is told of an index that cannot be read.</param>
    public void Poll(IEnumerable<string> changed, SourceNews news, TimeProvider time, PassReport report)
    {
        var isWanted = changed.Any(_indexes[folder.Index].IsMissing);
        foreach (var index in _indexes.Values)
        {
            if (index.Refresh(isWanted, time, report) is { } batch)
            {
                news.Sessions.Add(batch);
            }
        }
    }

    /// <summary>The session whose live transcript has this stem, or NULL.</summary>
    public SessionIdentity? Find(string stem, PassReport report) =>
        _indexes.Values.Select(index => index.FindSession(TranscriptName.LiveName(stem), report)).FirstOrDefault(session => session is not null);

    static IndexFile New(string path, SessionFolder folder, bool isFallback, StoredCheckpoints checkpoints) =>
        new(path, folder, isFallback, FileCheckpoint.Parse(checkpoints.Take(IndexFile.KeyOf(path))));
}
