using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>One agent's database: finds what is new in it and hands it to readers.</summary>
sealed class AgentDatabase(DatabaseLocation location, StateDatabase state, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    /// <summary>Rows that one reader should have at least: opening a database costs a millisecond or two.</summary>
    const long RowsPerReader = 20_000;

    readonly DatabaseProgress _progress = new(location, checkpoints);

    public string Name => location.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        var stat = DatabaseStat.Of(location.Path);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(location.Path, report);
        }
        else if (stat.Database.Kind is not FileKind.Missing && !_progress.Covers(stat, state.JobNamesVersion) && Look(stat, report) is { } findings)
        {
            Take(findings, news);
        }

        _progress.TellFailures(report);
    }

    /// <returns>NULL if it is no database of transcripts.</returns>
    DatabaseFindings? Look(DatabaseStat stat, PassReport report)
    {
        using var database = DatabaseConnection.Open(location.Path);
        var findings = database.Run(() => Look(database.Connection, stat, report));

        return findings is null ? null : findings with { IsValid = database.IsStillValid() };
    }

    DatabaseFindings? Look(SqliteConnection connection, DatabaseStat stat, PassReport report)
    {
        var tables = new DatabaseTables(connection);
        if (!tables.Has("transcript_events", "session_id", "seq"))
        {
            return new DatabaseFindings { Stat = stat, Tables = tables };
        }

        if (!tables.Has("transcript_events", "event_json") && !tables.Has("transcript_events", "event_zstd"))
        {
            report.Fail(location.Path, "its table transcript_events has neither event_json nor event_zstd: a newer OpenClaw wrote it; please upgrade token-governance");

            return null;
        }

        if (tables.SchemaVersion > DatabaseTables.KnownVersion && tables.FindMissing() is { Count: > 0 } missing)
        {
            report.Note(location.Path, $"schema {tables.SchemaVersion} is newer than this program and lacks {string.Join(", ", missing)}: "
                + "usage is counted all the same, attribution may suffer");
        }

        var query = new DatabaseQuery(connection, tables, location);
        var gone = new HashSet<string>(_progress.Sessions.Keys, StringComparer.Ordinal);
        var isOtherFile = _progress.Whole.Database.FileId != stat.Database.FileId;
        var changed = query.FindChangedSessions(_progress.Sessions, gone, isOtherFile);

        var archives = query.FindArchives().ToList();

        // New names of jobs concern sessions that did not change themselves. Another file may have older facts than the last one.
        var since = _progress.JobNamesVersion == state.JobNamesVersion && !isOtherFile ? _progress.Whole.UpdatedAt : 0;
        var begun = since == 0 ? [] : changed.Where(session => session.From.IsEmpty).Select(session => session.Session.SessionId);
        var (facts, updatedAt) = WindowReader.Read(connection, tables, location, state.JobNames, since, begun);

        return new DatabaseFindings
        {
            Stat = stat,
            Tables = tables,
            Changed = changed,
            Archives = [.. archives.Where(archive => !_progress.Archives.ContainsKey(archive.CheckpointKey))],
            GoneArchives = [.. _progress.Archives.Keys.Except(archives.Select(archive => archive.CheckpointKey))],
            Gone = gone,
            NewRuns = query.FindNewRuns(_progress.Runs, changed.Where(session => session.IsOther).Select(session => session.Session.SessionId).ToHashSet()),
            Facts = facts,
            UpdatedAt = updatedAt,
        };
    }

    void Take(DatabaseFindings findings, SourceNews news)
    {
        foreach (var sessionId in findings.Gone)
        {
            _progress.Sessions.TryRemove(sessionId, out _);
            _progress.Runs.TryRemove(sessionId, out _);
        }

        foreach (var name in _progress.ArchiveFailures.Keys.Except(findings.Archives.Select(archive => archive.NameIn(location))))
        {
            _progress.ArchiveFailures.TryRemove(name, out _);
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
