using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The log files of one agent: transcripts, archives, trajectories and the session index.</summary>
sealed class AgentTranscripts
{
    readonly string _home;
    readonly string _agentId;
    readonly TimeProvider _time;
    readonly StoredCheckpoints _checkpoints;
    readonly WatchedFolder _sessions;
    readonly WatchedFolder _imports;
    readonly IndexFile _index;
    readonly Dictionary<string, IndexFile> _legacyIndexes = new(StringComparer.Ordinal);
    readonly Dictionary<string, TranscriptFile> _transcripts = new(StringComparer.Ordinal);
    readonly Dictionary<string, TranscriptFile> _trajectories = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<string>> _trajectoriesByStem = new(StringComparer.Ordinal);
    readonly HashSet<string> _waitingTrajectories = new(StringComparer.Ordinal);
    readonly List<Checkpoint> _forgotten = [];

    public AgentTranscripts(string home, string agentId, StoredCheckpoints checkpoints, TimeProvider time)
    {
        _home = home;
        _agentId = agentId;
        _time = time;
        _checkpoints = checkpoints;
        var folder = Path.Combine(home, "agents", agentId);
        _sessions = new WatchedFolder(Path.Combine(folder, "sessions"));
        _imports = new WatchedFolder(Path.Combine(folder, "session-sqlite-import-archive"));
        _index = NewIndex(Path.Combine(_sessions.Path, "sessions.json"), isFallback: false);
    }

    /// <summary>Lists the folders if they changed, and returns facts about sessions that are new.</summary>
    public IEnumerable<Batch> ReadSessions(PassReport report)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_sessions.Refresh(now, report))
        {
            Update(_sessions, TranscriptName.Parse);
        }

        if (_imports.Refresh(now, report))
        {
            var originals = ImportManifest.ReadOriginalNames(_home, report);
            Update(_imports, name => ParseImported(name, originals));
            UpdateLegacyIndexes();
        }

        if (_forgotten.Count > 0)
        {
            yield return new Batch { Checkpoints = [.. _forgotten] };

            _forgotten.Clear();
        }

        // The live index first: the old one only fills what that leaves open.
        foreach (var index in _legacyIndexes.Values.Prepend(_index))
        {
            if (index.Refresh(_time, report) is { } batch)
            {
                yield return batch;
            }
        }
    }

    /// <summary>Returns a reader for each transcript whose stat does not prove it unchanged.</summary>
    public IEnumerable<IEventReader> FindChanged(PassReport report)
    {
        foreach (var file in _transcripts.Values)
        {
            if (!HasChanged(file, report))
            {
                continue;
            }

            if (file.Failure is { } failure && file.FailedStat == file.Stat)
            {
                report.Fail(file.Path, failure);

                continue;
            }

            file.Session = file.Session with { SessionId = SessionIdOf(file.Name, report) };
            _waitingTrajectories.UnionWith(_trajectoriesByStem.GetValueOrDefault(file.Name.Stem) ?? []);

            yield return file.Name.IsCompressed ? new CompressedArchiveReader(file, _time) : new TranscriptReader(file, _time);
        }
    }

    /// <summary>Reads trajectories that may have something new: new ones, and those whose transcript changed.</summary>
    public IEnumerable<Batch> ReadRuns(ByteBudget budget, PassReport report)
    {
        foreach (var path in _waitingTrajectories.Order(StringComparer.Ordinal).ToList())
        {
            if (budget.IsSpent)
            {
                report.MoreRuns = true;

                yield break;
            }

            var (batch, isAtEnd) = ReadTrajectory(path, budget, report);
            if (isAtEnd)
            {
                _waitingTrajectories.Remove(path);
            }
            else
            {
                report.MoreRuns = true;
            }

            if (batch is not null)
            {
                yield return batch;
            }
        }
    }

    (Batch? Batch, bool IsAtEnd) ReadTrajectory(string path, ByteBudget budget, PassReport report)
    {
        if (!_trajectories.TryGetValue(path, out var file) || !HasChanged(file, report))
        {
            return (null, true);
        }

        try
        {
            file.Session = file.Session with { SessionId = SessionIdOf(file.Name, report) };
            var result = new TrajectoryReader(file, _time).Read(budget.Left);
            budget.Spend(result.Batch?.BytesRead ?? 0);

            return result;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(file.Path, e);

            return (null, true);
        }
    }

    static bool HasChanged(TranscriptFile file, PassReport report)
    {
        var stat = FileStat.Of(file.StatPath);
        switch (stat.Kind)
        {
            case FileKind.File:
                file.Stat = stat;

                return file.Checkpoint?.ProvesUnchanged(stat) != true;
            case FileKind.Missing:
                // Renamed or deleted since the folder was listed; only a link that leads nowhere stays.
                if (new FileInfo(file.Path).LinkTarget is { } target)
                {
                    report.Fail(file.Path, $"it is a link to {target}, which cannot be read");
                }

                return false;
            default:
                report.Fail(file.Path, stat.Kind is FileKind.Folder ? "it is a folder, not a file" : "it is not a regular file");

                return false;
        }
    }

    void Update(WatchedFolder folder, Func<string, TranscriptName?> parse)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var fileName in folder.Names)
        {
            var path = Path.Combine(folder.Path, fileName);
            if (parse(fileName) is not { } name)
            {
                continue;
            }

            present.Add(path);
            if (name.Kind is TranscriptKind.Trajectory)
            {
                if (!name.IsCompressed)
                {
                    AddTrajectory(path, name);
                }
            }
            else if (!_transcripts.ContainsKey(path))
            {
                _transcripts.Add(path, NewFile(path, name));
            }
        }

        Forget(folder, present);
    }

    void AddTrajectory(string path, TranscriptName name)
    {
        if (!_trajectories.ContainsKey(path))
        {
            _trajectories.Add(path, NewFile(path, name));
            _waitingTrajectories.Add(path);
            _trajectoriesByStem[name.Stem] = [.. _trajectoriesByStem.GetValueOrDefault(name.Stem) ?? [], path];
        }
    }

    /// <summary>Drops files that are no longer in a folder that could be listed, and their checkpoints.</summary>
    void Forget(WatchedFolder folder, HashSet<string> present)
    {
        bool IsGone(string path) => Path.GetDirectoryName(path) == folder.Path && !present.Contains(path);

        foreach (var file in _transcripts.Values.Where(file => IsGone(file.Path)).ToList())
        {
            _transcripts.Remove(file.Path);
            _forgotten.Add(new Checkpoint(file.CheckpointKey, null));
        }

        foreach (var file in _trajectories.Values.Where(file => IsGone(file.Path)).ToList())
        {
            _trajectories.Remove(file.Path);
            _waitingTrajectories.Remove(file.Path);
            _trajectoriesByStem[file.Name.Stem].Remove(file.Path);
            _forgotten.Add(new Checkpoint(file.CheckpointKey, null));
        }

        var prefix = TranscriptFile.KeyOf(folder.Path + Path.DirectorySeparatorChar);
        foreach (var (key, _) in _checkpoints.TakeAll(prefix, key => IsGone(key[TranscriptFile.KeyOf("").Length..])))
        {
            _forgotten.Add(new Checkpoint(key, null));
        }
    }

    void UpdateLegacyIndexes()
    {
        foreach (var name in _imports.Names)
        {
            var path = Path.Combine(_imports.Path, name);
            if (name.StartsWith("legacy-store.sessions.json.imported-", StringComparison.Ordinal) && !_legacyIndexes.ContainsKey(path))
            {
                _legacyIndexes.Add(path, NewIndex(path, isFallback: true));
            }
        }
    }

    TranscriptFile NewFile(string path, TranscriptName name)
    {
        var file = new TranscriptFile(path, name, new SessionIdentity(_home, _agentId, name.SessionId));
        file.Checkpoint = FileCheckpoint.Parse(_checkpoints.Take(file.CheckpointKey));

        return file;
    }

    IndexFile NewIndex(string path, bool isFallback) =>
        new(path, _home, _agentId, isFallback, FileCheckpoint.Parse(_checkpoints.Take(IndexFile.KeyOf(path))));

    /// <summary>The index knows a file's session best, then its name; its header is the last to be believed.</summary>
    string SessionIdOf(TranscriptName name, PassReport report)
    {
        foreach (var index in _legacyIndexes.Values.Prepend(_index))
        {
            if (index.FindSessionId(name.Kind is TranscriptKind.Trajectory ? $"{name.Stem}.jsonl" : name.BaseName, report) is { } id)
            {
                return id;
            }
        }

        return name.SessionId;
    }

    TranscriptName? ParseImported(string fileName, Dictionary<string, string> originals)
    {
        var original = originals.GetValueOrDefault(fileName);

        return TranscriptName.ParseImported(fileName, original, original is null ? HeaderId(fileName) : null);
    }

    string? HeaderId(string fileName)
    {
        try
        {
            var path = Path.Combine(_imports.Path, fileName);
            if (FileStat.Of(path).Kind is not FileKind.File)
            {
                return null;
            }

            using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var lines = new LineReader(file);

            return lines.Next() ? Entries.EntryParser.ParseHeader(lines.Line)?.Id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
