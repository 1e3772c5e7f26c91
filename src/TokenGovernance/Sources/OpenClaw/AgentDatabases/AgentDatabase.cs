using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>One agent's database: finds what is new in it and hands it to readers.</summary>
sealed class AgentDatabase(
    DatabaseLocation location, StateDatabase state, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    /// <summary>Rows that one reader should have at least: opening a database costs a millisecond or two.</summary>
    const long RowsPerReader = 20_000;

    /// <summary>A write there brings the next pass forward; whether anything changed is told by the files themselves.</summary>
    readonly FolderNotice _writes = rules.Notices.Watch(Path.GetDirectoryName(location.Path)!);
    readonly DatabaseProgress _progress = new(location, checkpoints);

    public string Name => location.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        _writes.Take();
        var stat = DatabaseStat.Of(location.Path);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(location.Path, report);
        }
        else if (stat.Database.Kind is not FileKind.Missing && !_progress.Covers(stat, state.JobNamesVersion))
        {
            var mayBeQuick = MayBeQuick(stat);
            if (!(mayBeQuick && _progress.CoversQuickly(stat)) && Look(stat, mayBeQuick, report) is { } findings)
            {
                Take(findings, news);
            }
        }

        _progress.TellFailures(report);
    }

    /// <summary>True unless there are so few sessions that it does not pay, or something happened that only a full look understands.</summary>
    bool MayBeQuick(DatabaseStat stat) =>
        _progress.Newest is not null
        && _progress.Sessions.Count >= rules.QuickFrom
        && _progress.JobNamesVersion == state.JobNamesVersion
        && _progress.Whole.Database.FileId == stat.Database.FileId
        && !rules.IsFullLookDue(time.GetElapsedTime(_progress.FullLook.At), _progress.FullLook.Took);

    /// <returns>NULL if it is no database of transcripts.</returns>
    DatabaseFindings? Look(DatabaseStat stat, bool mayBeQuick, PassReport report)
    {
        // Whatever goes wrong from here on, the next look is a full one.
        var newest = _progress.Newest;
        (_progress.Newest, _progress.Seen) = (null, null);
        using var database = DatabaseConnection.Open(location.Path);
        var findings = database.Run(() =>
        {
            var look = new DatabaseLook(database.Connection, location, _progress, state) { Stat = stat };

            return mayBeQuick && newest is { } then && look.TryBeQuick(then) is { } quick ? quick : LookFully(look, report);
        });

        return findings is null ? null : findings with { IsValid = database.IsStillValid() };
    }

    DatabaseFindings? LookFully(DatabaseLook look, PassReport report)
    {
        var start = time.GetTimestamp();
        var findings = look.BeFull(report);
        _progress.FullLook = (time.GetTimestamp(), time.GetElapsedTime(start));

        return findings;
    }

    void Take(DatabaseFindings findings, SourceNews news)
    {
        foreach (var sessionId in findings.Gone)
        {
            _progress.Sessions.TryRemove(sessionId, out _);
            _progress.Runs.TryRemove(sessionId, out _);
        }

        if (findings.IsFull)
        {
            foreach (var name in _progress.ArchiveFailures.Keys.Except(findings.Archives.Select(archive => archive.NameIn(location))))
            {
                _progress.ArchiveFailures.TryRemove(name, out _);
            }
        }

        foreach (var session in findings.Changed.Where(session => session.IsOther))
        {
            _progress.Runs.TryRemove(session.Session.SessionId, out _);
        }

        foreach (var key in findings.GoneArchives)
        {
            _progress.Archives.TryRemove(key, out _);
        }

        _progress.JobNamesVersion = state.JobNamesVersion;
        _progress.Whole = _progress.Whole with { UpdatedAt = Math.Max(findings.UpdatedAt, _progress.Whole.UpdatedAt) };
        if (findings.Gone.Count + findings.GoneArchives.Count + findings.Facts.Count > 0)
        {
            news.Sessions.Add(new Batch
            {
                Sessions = findings.Facts,
                Checkpoints =
                [
                    .. findings.Gone.Select(id => new Checkpoint(location.KeyOf(id), null)),
                    .. findings.Gone.Select(id => new Checkpoint(location.RunKeyOf(id), null)),
                    .. findings.GoneArchives.Select(key => new Checkpoint(key, null)),
                ],
            });
        }

        IDatabaseReader[] readers = [.. MakeReaders(findings)];
        news.Readers.AddRange(readers);
        news.Evidence.Add(new DatabaseRunReader(location, findings, readers, _progress, time));
    }

    IEnumerable<IDatabaseReader> MakeReaders(DatabaseFindings findings)
    {
        var group = new List<ChangedSession>();
        var rows = 0L;
        foreach (var changed in findings.Changed)
        {
            group.Add(changed);
            rows += changed.Rows;
            if (rows >= RowsPerReader)
            {
                yield return new DatabaseTranscriptReader(location, findings.Tables, group, _progress);

                (group, rows) = ([], 0);
            }
        }

        if (group.Count > 0)
        {
            yield return new DatabaseTranscriptReader(location, findings.Tables, group, _progress);
        }

        if (findings.Archives.Count > 0)
        {
            yield return new DatabaseArchiveReader(location, findings.Archives, _progress);
        }
    }
}
