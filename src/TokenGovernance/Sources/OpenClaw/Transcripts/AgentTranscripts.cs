using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The transcripts in one folder of sessions, their archives, trajectories and session indexes.</summary>
sealed class AgentTranscripts : IUsageSource
{
    readonly SessionFolder _folder;
    readonly TimeProvider _time;
    readonly WatchedFolder _sessions;
    readonly WatchedFolder _imports;
    readonly ImportManifests _manifests;
    readonly SessionIndexes _indexes;
    readonly TranscriptFiles _files;

    public AgentTranscripts(OpenClawHome home, SessionFolder folder, StoredCheckpoints checkpoints, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _sessions = new WatchedFolder(folder.Path);
        _imports = new WatchedFolder(folder.ImportArchive);
        _manifests = new ImportManifests(home.MigrationRuns);
        _indexes = new SessionIndexes(folder, checkpoints);
        _files = new TranscriptFiles(folder, checkpoints);
    }

    public string Name => _folder.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _sessions.Refresh(now, report, names => _files.Update(_sessions.Path, names, TranscriptName.Parse));
        if (_manifests.Refresh(now, report))
        {
            _imports.LookAgain();
        }

        _imports.Refresh(now, report, names =>
        {
            _indexes.Update(names);
            _files.Update(_imports.Path, names, ParseImported);
        });
        if (_files.TakeForgotten() is { } forgotten)
        {
            news.Sessions.Add(forgotten);
        }

        _indexes.Poll(news, _time, report);
        AddChanged(news, report);
        AddTrajectories(news, report);
    }

    void AddChanged(SourceNews news, PassReport report)
    {
        foreach (var file in _files.Transcripts.Where(file => file.HasChanged(report)))
        {
            if (file.Failure is { } failure)
            {
                report.Fail(file.Path, failure);

                continue;
            }

            if (!file.HoldsTranscript())
            {
                continue;
            }

            Identify(file, report);
            _files.Await(file.Name);
            news.Readers.Add(file.Name.IsCompressed ? new CompressedArchiveReader(file, _time) : new TranscriptReader(file, _time));
        }
    }

    void AddTrajectories(SourceNews news, PassReport report)
    {
        foreach (var file in _files.WaitingTrajectories.OrderBy(file => file.Path, StringComparer.Ordinal).ToList())
        {
            if (file.HasChanged(report))
            {
                Identify(file, report);
                news.Evidence.Add(new TrajectoryReader(file, _files.WaitingTrajectories, _time));
            }
            else if (file.Stat.Kind is FileKind.File or FileKind.Missing)
            {
                _files.WaitingTrajectories.Remove(file);
            }
        }
    }

    /// <summary>Finds a file's session: an index knows it best, then its name. Its header is believed only about what the name leaves open.</summary>
    void Identify(TranscriptFile file, PassReport report)
    {
        var name = file.Name;
        var own = _indexes.Find(name.Stem, report);
        if (own is null && name.IsAmbiguous && (file.Checkpoint?.SessionId == name.Stem || file.ReadHeaderId() == name.Stem))
        {
            own = Unlisted(name.Stem);
        }

        file.MayClaim = name.Kind is not TranscriptKind.Checkpoint || own is not null;
        file.Session = own ?? _indexes.Find(name.Owner, report) ?? Unlisted(name.SessionId);
    }

    /// <summary>A session that no index names. In a folder of all agents its trajectory may still name its agent.</summary>
    SessionIdentity Unlisted(string sessionId) => new(
        _folder.Home, _folder.IsShared ? _files.FindAgent(sessionId) ?? _folder.AgentId : _folder.AgentId, sessionId);

    TranscriptName? ParseImported(string fileName)
    {
        var original = _manifests.FindOriginalName(fileName);

        return TranscriptName.ParseImported(fileName, original, original is null ? TranscriptFile.ReadHeaderId(Path.Combine(_imports.Path, fileName), isCompressed: false) : null);
    }
}
