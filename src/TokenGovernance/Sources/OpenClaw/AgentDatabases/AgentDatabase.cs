using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>One agent's database: what of it has been read, and what is new.</summary>
sealed class AgentDatabase(string path, string home, string agentId, StateDatabase state, StoredCheckpoints checkpoints, TimeProvider time)
{
    /// <summary>Rows that one reader should have at least: opening a database costs a millisecond or two.</summary>
    const long RowsPerReader = 20_000;

    readonly ConcurrentDictionary<string, SessionCursor> _marks = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _runMarks = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _waitingRuns = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, bool> _archivesRead = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, string> _archiveFailures = new(StringComparer.Ordinal);
    DatabaseCursor _mark = DatabaseCursor.Parse(checkpoints.Take($"store:{path}")) ?? new DatabaseCursor();
    DatabaseStat _stat;
    DatabaseTables? _tables;
    List<ChangedSession> _changed = [];
    List<DatabaseArchive> _archives = [];
    int _jobNamesVersion, _openReaders;
    bool _isLoaded, _isPolled;

    public string Path { get; } = path;

    public string KeyOf(string sessionId) => $"store:{Path}#{sessionId}";

    string RunKeyOf(string sessionId) => $"runs:{Path}#{sessionId}";

    /// <summary>Looks at the database if it changed, and returns facts about sessions that are new.</summary>
    public IEnumerable<Batch> ReadSessions(PassReport report)
    {
        (_changed, _archives, _isPolled) = ([], [], false);
        _stat = DatabaseStat.Of(Path);
        var isSame = _stat.IsSameContent(new DatabaseStat(_mark.Database, _mark.Wal));
        if (_stat.Database.Kind is FileKind.Missing || (isSame && _mark.IsSettled && _jobNamesVersion == state.JobNamesVersion))
        {
            return [];
        }

        Load();
        try
        {
            using var store = DatabaseConnection.Open(Path);
            var batches = store.Run(() => Poll(store.Connection, report));

            _isPolled = store.IsStillValid();

            return batches;
        }
        catch (SourceChangedException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(Path, e);

            return [];
        }
    }

    /// <summary>Returns readers for what the last look found.</summary>
    public IReadOnlyList<IEventReader> FindChanged()
    {
        var readers = new List<IEventReader>();
        var group = new List<ChangedSession>();
        var rows = 0L;
        foreach (var changed in _changed)
        {
            group.Add(changed);
            rows += changed.Rows;
            if (rows >= RowsPerReader)
            {
                readers.Add(new DatabaseTranscriptReader(this, _tables!, group));
                (group, rows) = ([], 0);
            }
        }

        if (group.Count > 0)
        {
            readers.Add(new DatabaseTranscriptReader(this, _tables!, group));
        }

        if (_archives.Count > 0)
        {
            readers.Add(new DatabaseArchiveReader(this, _archives));
        }

        _openReaders = readers.Count;

        return readers;
    }

    /// <summary>Reads what started runs, then, if all of the database was read, remembers its stat.</summary>
    public IEnumerable<Batch> ReadRuns(ByteBudget budget, PassReport report)
    {
        foreach (var (name, reason) in _archiveFailures)
        {
            report.Fail(name, reason);
        }

        while (_waitingRuns.Count > 0 && !budget.IsSpent)
        {
            Batch? batch;
            try
            {
                batch = DatabaseRunReader.Read(Path, home, agentId, _waitingRuns, _runMarks, RunKeyOf, budget);
            }
            catch (SourceChangedException)
            {
                break;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                report.Fail(Path, e);

                yield break;
            }

            if (batch is null)
            {
                break;
            }

            yield return batch;
        }

        report.MoreRuns |= _waitingRuns.Count > 0;
        if (_isPolled && _openReaders == 0)
        {
            var next = _mark with
            {
                Database = _stat.Database,
                Wal = _stat.Wal,
                IsSettled = _stat.IsSettled(time.GetUtcNow().ToUnixTimeMilliseconds()) && _waitingRuns.Count == 0,
            };
            if (next != _mark)
            {
                _mark = next;

                // What could not be read is not read again and again, but the next process has to name it too.
                var stored = next with { IsSettled = next.IsSettled && _archiveFailures.IsEmpty };

                yield return new Batch { Checkpoints = [new Checkpoint($"store:{Path}", stored.ToJson())] };
            }
        }
    }

    public void SetCursor(string sessionId, SessionCursor mark) => _marks[sessionId] = mark;

    public void FinishReader() => Interlocked.Decrement(ref _openReaders);

    public void FinishArchive(DatabaseArchive archive)
    {
        _archivesRead[archive.CheckpointKey] = true;
        _archiveFailures.TryRemove(NameOf(archive), out _);
    }

    /// <summary>Remembers an archive that cannot be read; it is tried again when the database changes.</summary>
    public void FailArchive(DatabaseArchive archive, string reason) => _archiveFailures[NameOf(archive)] = reason;

    /// <summary>What was just read may be torn: the next pass looks again whatever the stat says.</summary>
    public void ReadAgain() => _isPolled = false;

    string NameOf(DatabaseArchive archive) => $"{Path}#{archive.Table}/{archive.Session.SessionId}";

    void Load()
    {
        if (_isLoaded)
        {
            return;
        }

        _isLoaded = true;
        foreach (var (key, value) in checkpoints.TakeAll(KeyOf("")))
        {
            if (SessionCursor.Parse(value) is { } mark)
            {
                _marks[key[KeyOf("").Length..]] = mark;
            }
        }

        foreach (var (key, value) in checkpoints.TakeAll(RunKeyOf("")))
        {
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            {
                _runMarks[key[RunKeyOf("").Length..]] = seq;
            }
        }

        foreach (var (key, _) in checkpoints.TakeAll($"archive:{Path}#"))
        {
            _archivesRead[key] = true;
        }
    }

    List<Batch> Poll(SqliteConnection connection, PassReport report)
    {
        _tables = new DatabaseTables(connection);
        if (!_tables.Has("transcript_events", "session_id", "seq"))
        {
            return [];
        }

        if (!_tables.Has("transcript_events", "event_json") && !_tables.Has("transcript_events", "event_zstd"))
        {
            report.Fail(Path, "its table transcript_events has neither event_json nor event_zstd: a newer OpenClaw wrote it; please upgrade token-governance");

            return [];
        }

        if (_tables.SchemaVersion > DatabaseTables.KnownVersion && _tables.FindMissing() is { Count: > 0 } missing)
        {
            report.Note(Path, $"schema {_tables.SchemaVersion} is newer than this program and lacks {string.Join(", ", missing)}: "
                + "usage is counted all the same, attribution may suffer");
        }

        var query = new DatabaseQuery(connection, _tables, home, agentId);
        var gone = new HashSet<string>(_marks.Keys, StringComparer.Ordinal);
        _changed = query.FindChangedSessions(_marks, gone);
        _archives = [.. query.FindArchives(Path).Where(archive => !_archivesRead.ContainsKey(archive.CheckpointKey))];
        foreach (var name in _archiveFailures.Keys.Except(_archives.Select(NameOf)))
        {
            _archiveFailures.TryRemove(name, out _);
        }

        query.FindNewRuns(_runMarks, _waitingRuns);

        return [.. Forget(gone), .. ReadFacts(connection)];
    }

    IEnumerable<Batch> ReadFacts(SqliteConnection connection)
    {
        // New names of jobs concern sessions that did not change themselves.
        var since = _jobNamesVersion == state.JobNamesVersion ? _mark.UpdatedAt : 0;
        var begun = since == 0 ? [] : _changed.Where(changed => changed.From.Seq < 0).Select(changed => changed.Session.SessionId);
        var (sessions, updatedAt) = WindowReader.Read(connection, _tables!, home, agentId, state.JobNames, since, begun);
        _jobNamesVersion = state.JobNamesVersion;
        _mark = _mark with { UpdatedAt = updatedAt };
        if (sessions.Count > 0)
        {
            yield return new Batch { Sessions = sessions };
        }
    }

    /// <summary>Drops the marks of sessions without rows: deleted, or moved to cold storage.</summary>
    IEnumerable<Batch> Forget(HashSet<string> gone)
    {
        foreach (var sessionId in gone)
        {
            _marks.TryRemove(sessionId, out _);
            _runMarks.Remove(sessionId);
        }

        if (gone.Count > 0)
        {
            yield return new Batch
            {
                Checkpoints = [.. gone.SelectMany(id => new[] { new Checkpoint(KeyOf(id), null), new Checkpoint(RunKeyOf(id), null) })],
            };
        }
    }
}
