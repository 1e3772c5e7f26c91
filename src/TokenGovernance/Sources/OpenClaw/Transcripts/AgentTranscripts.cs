using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The transcripts in one folder of sessions, their archives, trajectories and session indexes.</summary>
sealed class AgentTranscripts : IUsageSource
{
    readonly SessionFolder _folder;
    readonly TimeProvider _time;
    readonly WatchedFolder _sessions, _imports;
    readonly FolderLooks _sessionLooks, _importLooks;
    readonly ImportManifests _manifests;
    readonly SessionIndexes _indexes;
    readonly TranscriptFiles _files;

    public AgentTranscripts(OpenClawHome home, SessionFolder folder, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        _sessions = new WatchedFolder(folder.Path);
        _sessionLooks = new FolderLooks(folder.Path, rules, time);
        _imports = new WatchedFolder(folder.ImportArchive);
        _importLooks = new FolderLooks(folder.ImportArchive, rules, time);
        _manifests = new ImportManifests(home.MigrationRuns);
        _indexes = new SessionIndexes(folder, checkpoints);
        _files = new TranscriptFiles(folder, checkpoints);
    }

    public string Name => _folder.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        LookAtSessions(now, report);
        LookAtImports(now, report);
        if (_files.TakeForgotten() is { } forgotten)
        {
            news.Sessions.Add(forgotten);
        }

        var changed = FindChanged(report);
        _indexes.Poll(changed.Select(file => TranscriptName.LiveName(file.Name.Stem)), news, _time, report);
        AddChanged(changed, news, report);
        AddTrajectories(news, report);
        _sessionLooks.End();
        _importLooks.End();
    }

    void LookAtSessions(long now, PassReport report)
    {
        if (_sessionLooks.Begin() is { } touched)
        {
            foreach (var name in touched)
            {
                _files.Touch(_sessions.Path, name, TranscriptName.Parse);
            }

            return;
        }

        _sessions.Refresh(now, report, names => _files.Update(_sessions.Path, names, TranscriptName.Parse));
        _files.TouchAll(_sessions.Path);
    }

    void LookAtImports(long now, PassReport report)
    {
        if (_manifests.Refresh(now, report))
        {
            _imports.LookAgain();
            _importLooks.LookAgain();
        }

        if (_importLooks.Begin() is { } touched)
        {
            _indexes.Update(touched);
            foreach (var name in touched)
            {
                _files.Touch(_imports.Path, name, ParseImported);
            }

            return;
        }

        _imports.Refresh(now, report, names =>
        {
            _indexes.Update(names);
            _files.Update(_imports.Path, names, ParseImported);
        });
        if (_imports.Names.Count > 0)
        {
            _files.TouchAll(_imports.Path);
        }
    }

    List<TranscriptFile> FindChanged(PassReport report)
    {
        var changed = new List<TranscriptFile>();
        var settled = new List<TranscriptFile>();
        foreach (var file in _files.Due)
        {
            if (file.HasChanged(report))
            {
                changed.Add(file);
            }
            else if ((ReferenceEquals(file.Folder, _sessions.Path) ? _sessionLooks : _importLooks).AreTold && file.IsSureToBeUnchanged)
            {
                settled.Add(file);
            }
        }

        _files.Due.ExceptWith(settled);

        return changed;
    }

    void AddChanged(List<TranscriptFile> changed, SourceNews news, PassReport report)
    {
        foreach (var file in changed)
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
