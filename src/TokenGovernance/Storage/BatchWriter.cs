using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.LegacyImport;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage;

/// <summary>Writes batches inside the store's transaction: sessions, events, runs, then the checkpoints they make true.</summary>
sealed class BatchWriter : IDisposable
{
    readonly SessionTable _sessions;
    readonly CopyTable _copies;
    readonly Enrichment _enrichment;
    readonly EventInsert _insert;
    readonly ImportedEvents? _adopted;
    readonly SqliteCommand _saveCheckpoint, _deleteCheckpoint;
    bool _anyCopies;

    public BatchWriter(SqliteConnection connection)
    {
        _sessions = new SessionTable(connection);
        _copies = new CopyTable(connection, _sessions);
        _enrichment = new Enrichment(connection, _sessions);
        _insert = new EventInsert(connection);
        _adopted = ImportedEvents.Find(connection, _sessions);
        _saveCheckpoint = connection.Prepare("""
            INSERT INTO collector_state (key, value, updated_ts) VALUES ($p0, $p1, $p2)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ts = excluded.updated_ts
            """);
        _deleteCheckpoint = connection.Prepare("DELETE FROM collector_state WHERE key = $p0");
        _anyCopies = connection.QueryInt("SELECT EXISTS (SELECT 1 FROM event_copies)") != 0;
    }

    /// <summary>Forgets what is cached: the transaction failed, or another process wrote.</summary>
    public void Clear() => _sessions.Clear();

    public void Write(Batch batch, string now, AppendResult result)
    {
        _sessions.ClearIfLarge();
        foreach (var info in batch.Sessions)
        {
            Merge(info, now, result);
        }

        AppendEvents(batch.Events, now, result);
        AddRuns(batch.Runs, now, result);

        foreach (var checkpoint in batch.Checkpoints)
        {
            (checkpoint.Value is null
                ? _deleteCheckpoint.With(checkpoint.Key)
                : _saveCheckpoint.With(checkpoint.Key, checkpoint.Value, now)).ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _adopted?.Dispose();
        _insert.Dispose();
        _enrichment.Dispose();
        _copies.Dispose();
        _sessions.Dispose();
        _saveCheckpoint.Dispose();
        _deleteCheckpoint.Dispose();
    }

    void Merge(SessionInfo info, string now, AppendResult result)
    {
        var row = _sessions.Get(info.Session, now);
        var claim = row.Claim;
        if (!row.Merge(info))
        {
            return;
        }

        _sessions.Save(row);
        if (row.MayHaveEvents)
        {
            result.Enriched += _enrichment.Fill(row);
        }

        if (_anyCopies && row.Claim != claim)
        {
            result.Enriched += _copies.SettleOwners(row);
        }
    }

    void AppendEvents(IReadOnlyList<UsageEvent> events, string now, AppendResult result)
    {
        SessionRow? row = null;
        foreach (var usage in events)
        {
            if (!ReferenceEquals(row?.Session, usage.Session))
            {
                row = BeginSession(usage.Session, now);
            }

            if (!_insert.TryInsert(usage, row!))
            {
                result.Known++;
                result.Enriched += _copies.Meet(usage, row!) | (_adopted?.Meet(usage, row!, now) ?? false) ? 1 : 0;
                _anyCopies = true;
            }
            else if (_adopted is null || !ReplaceAdopted(_adopted, usage, row!, now, result))
            {
                result.AddAdded(usage);
            }
        }
    }

    bool ReplaceAdopted(ImportedEvents adopted, UsageEvent usage, SessionRow row, string now, AppendResult result)
    {
        var key = row.SessionKey;
        if (!adopted.TryReplace(usage, row, now))
        {
            return false;
        }

        result.Known++;
        result.Enriched++;
        _anyCopies = true;
        if (row.SessionKey != key)
        {
            // Only the original knew it: it is a fact of the whole session.
            _enrichment.Fill(row);
            _insert.Begin(now);
        }

        return true;
    }

    SessionRow BeginSession(SessionIdentity session, string now)
    {
        var row = _sessions.Get(session, now);
        _sessions.LoadRuns(row);
        _sessions.Touch(row, now);
        _insert.Begin(now);
        row.MayHaveEvents = true;

        return row;
    }

    void AddRuns(IReadOnlyList<RunStart> runs, string now, AppendResult result)
    {
        var earliest = new Dictionary<SessionRow, long>();
        foreach (var run in runs)
        {
            var row = _sessions.Get(run.Session, now);
            if (_sessions.AddRun(row, run))
            {
                earliest[row] = Math.Min(earliest.GetValueOrDefault(row, long.MaxValue), run.StartedMs);
            }
        }

        foreach (var (row, fromMs) in earliest)
        {
            result.Enriched += _enrichment.SettleTriggers(row, fromMs);
        }
    }
}
