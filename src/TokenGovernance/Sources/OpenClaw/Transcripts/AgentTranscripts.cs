using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The transcripts of one agent, their archives, trajectories and session indexes.</summary>
sealed class AgentTranscripts : IUsageSource
{
    readonly AgentFolder _agent;
    readonly TimeProvider _time;
    readonly WatchedFolder _sessions;
    readonly WatchedFolder _imports;
    readonly ImportManifests _manifests;
    readonly SessionIndexes _indexes;
    readonly TranscriptFiles _files;

    public AgentTranscripts(OpenClawHome home, AgentFolder agent, StoredCheckpoints checkpoints, TimeProvider time)
    {
        _agent = agent;
        _time = time;
        _sessions = new WatchedFolder(agent.Sessions);
        _imports = new WatchedFolder(agent.ImportArchive);
        _manifests = new ImportManifests(home.MigrationRuns);
        _indexes = new SessionIndexes(agent, checkpoints);
        _files = new TranscriptFiles(agent, checkpoints);
    }

    public string Name => _agent.Sessions;

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

            file.Session = file.Session with { SessionId = _indexes.SessionIdOf(file.Name, report) };
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
                file.Session = file.Session with { SessionId = _indexes.SessionIdOf(file.Name, report) };
                news.Evidence.Add(new TrajectoryReader(file, _files.WaitingTrajectories, _time));
            }
            else if (file.Stat.Kind is FileKind.File or FileKind.Missing)
            {
                _files.WaitingTrajectories.Remove(file);
            }
        }
    }

    TranscriptName? ParseImported(string fileName)
    {
        var original = _manifests.FindOriginalName(fileName);

        return TranscriptName.ParseImported(fileName, original, original is null ? ReadHeaderId(fileName) : null);
    }

    /// <summary>The session id in a transcript's header; a file that cannot be read is told of when its turn comes.</summary>
    string? ReadHeaderId(string fileName)
    {
        try
        {
            using var file = SharedFile.Open(Path.Combine(_imports.Path, fileName));
            using var lines = new JsonLineReader(file);

            return lines.Next() ? TranscriptHeader.Parse(lines.Line)?.Id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
