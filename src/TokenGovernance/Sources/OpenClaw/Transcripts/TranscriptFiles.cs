using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The transcripts and trajectories in a folder of sessions and in its import archive.</summary>
sealed class TranscriptFiles(SessionFolder owner, StoredCheckpoints checkpoints)
{
    readonly Dictionary<string, TranscriptFile> _transcripts = new(StringComparer.Ordinal);
    readonly Dictionary<string, TranscriptFile> _trajectories = new(StringComparer.Ordinal);
    readonly Dictionary<string, HashSet<TranscriptFile>> _trajectoriesByStem = new(StringComparer.Ordinal);
    readonly List<Checkpoint> _forgotten = [];

    /// <summary>Transcripts to look at: all that are not sure to be what they were at the last look.</summary>
    public HashSet<TranscriptFile> Due { get; } = [];

    /// <summary>Trajectories that may have something new: new ones, those whose transcript changed, those that could not be read.</summary>
    public HashSet<TranscriptFile> WaitingTrajectories { get; } = [];

    /// <summary>Takes over the names in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">All that is in it; what is not there any more is forgotten.</param>
    /// <param name="parse">Tells what a name means.</param>
    public void Update(string folder, IReadOnlyList<string> names, Func<string, TranscriptName?> parse)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fileName in names)
        {
            if (Parse(fileName, parse) is { } name)
            {
                var path = Path.Combine(folder, fileName);
                present.Add(path);
                Add(folder, path, name);
            }
        }

        Forget(folder, present);
    }

    /// <summary>Takes over that a name in a folder was touched: it is new, written or gone.</summary>
    public void Touch(string folder, string fileName, Func<string, TranscriptName?> parse)
    {
        var path = Path.Combine(folder, fileName);
        var known = _transcripts.GetValueOrDefault(path) ?? _trajectories.GetValueOrDefault(path);
        var isGone = FileStat.Of(path).Kind is FileKind.Missing && new FileInfo(path).LinkTarget is null;
        if (known is not null && isGone)
        {
            Remove(known);
            _forgotten.Add(new Checkpoint(known.CheckpointKey, null));
        }
        else if (known is not null)
        {
            Touch(known);
        }
        else if (!isGone && Parse(fileName, parse) is { } name)
        {
            Add(folder, path, name);
        }
    }

    /// <summary>Takes over that anything in a folder may have been touched.</summary>
    public void TouchAll(string folder)
    {
        if (Due.Count < _transcripts.Count)
        {
            Due.UnionWith(_transcripts.Values.Where(file => file.Folder == folder));
        }
    }

    /// <summary>Looks at the trajectories of a transcript that changed.</summary>
    public void Await(TranscriptName transcript) =>
        WaitingTrajectories.UnionWith(_trajectoriesByStem.GetValueOrDefault(transcript.Owner) ?? []);

    /// <summary>The agent that the first run of a session's trajectory names, or NULL.</summary>
    public string? FindAgent(string sessionId) =>
        (_trajectoriesByStem.GetValueOrDefault(sessionId) ?? []).Select(file => SessionFolder.AgentOf(file.ReadSessionKey())).FirstOrDefault(agentId => agentId is not null);

    /// <summary>Returns, once, the removal of the checkpoints of files that are gone.</summary>
    public Batch? TakeForgotten()
    {
        if (_forgotten.Count == 0)
        {
            return null;
        }

        var batch = new Batch { Checkpoints = [.. _forgotten] };
        _forgotten.Clear();

        return batch;
    }

    static TranscriptName? Parse(string fileName, Func<string, TranscriptName?> parse) =>
        parse(fileName) is { } name && (name.Kind is not TranscriptKind.Trajectory || !name.IsCompressed) ? name : null;

    void Touch(TranscriptFile file) => (file.Name.Kind is TranscriptKind.Trajectory ? WaitingTrajectories : Due).Add(file);

    void Add(string folder, string path, TranscriptName name)
    {
        var files = name.Kind is TranscriptKind.Trajectory ? _trajectories : _transcripts;
        if (files.TryGetValue(path, out var known))
        {
            if (known.Name == name)
            {
                return;
            }

            // A manifest came that knows the original name.
            Remove(known);
        }

        var file = new TranscriptFile(folder, path, name, new SessionIdentity(owner.Home, owner.AgentId, name.SessionId));
        file.Checkpoint = known?.Checkpoint ?? TranscriptCheckpoint.Parse(checkpoints.Take(file.CheckpointKey));
        files.Add(path, file);
        Touch(file);
        if (name.Kind is TranscriptKind.Trajectory)
        {
            (_trajectoriesByStem.TryGetValue(name.Owner, out var same) ? same : _trajectoriesByStem[name.Owner] = []).Add(file);
        }
    }

    void Remove(TranscriptFile file)
    {
        _transcripts.Remove(file.Path);
        _trajectories.Remove(file.Path);
        Due.Remove(file);
        WaitingTrajectories.Remove(file);
        _trajectoriesByStem.GetValueOrDefault(file.Name.Owner)?.Remove(file);
    }

    /// <summary>Drops files that are no longer in a folder that could be listed, and their checkpoints.</summary>
    void Forget(string folder, HashSet<string> present)
    {
        foreach (var file in _transcripts.Values.Concat(_trajectories.Values).Where(file => file.Folder == folder && !present.Contains(file.Path)).ToList())
        {
            Remove(file);
            _forgotten.Add(new Checkpoint(file.CheckpointKey, null));
        }

        // Those of an earlier run, of which no file was found since.
        bool IsGone(string path) => Path.GetDirectoryName(path) == folder && !present.Contains(path);

        var prefix = TranscriptFile.KeyOf(folder + Path.DirectorySeparatorChar);
        foreach (var (key, _) in checkpoints.TakeAll(prefix, key => IsGone(key[TranscriptFile.KeyOf("").Length..])))
        {
            _forgotten.Add(new Checkpoint(key, null));
        }
    }
}
