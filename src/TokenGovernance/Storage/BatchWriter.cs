using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.LegacyImport;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Storage.Sessions;
using TokenGovernance.Storage.Turns;

namespace TokenGovernance.Storage;

/// <summary>Writes batches inside the store's transaction: sessions, events, runs, then the checkpoints they make true.</summary>
sealed class BatchWriter : IDisposable
{
    readonly SessionTable _sessions;
    readonly ForgottenKeys _forgotten;
    readonly CopyTable _copies;
    readonly Enrichment _enrichment;
    readonly AttributionTable _attributions;
    readonly EventFacts _facts;
    readonly TurnWriter _turns;
    readonly ImportedEvents? _adopted;
    readonly NamelessEvents _nameless;
    readonly UsageFloor _floor;
    readonly SqliteCommand _saveCheckpoint, _deleteCheckpoint;
    bool _anyCopies;

    public BatchWriter(SqliteConnection connection)
    {
        _sessions = new SessionTable(connection);
        _forgotten = new ForgottenKeys(connection);
        _attributions = new AttributionTable(connection);
        _facts = new EventFacts(connection, _attributions);
        _copies = new CopyTable(connection, _sessions, _attributions, _facts);
        _enrichment = new Enrichment(connection, _sessions, _attributions, _facts);
        _floor = new UsageFloor(connection);
        _turns = new TurnWriter(connection, _sessions, _attributions, _facts, _floor);
        _adopted = ImportedEvents.Find(connection, _sessions, _attributions, _facts);
        _nameless = new NamelessEvents(connection, _sessions, _copies, _facts);
        _saveCheckpoint = connection.Prepare("""
            INSERT INTO collector_state (key, value, updated_ts) VALUES ($p0, $p1, $p2)
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_ts = excluded.updated_ts
            """);
        _deleteCheckpoint = connection.Prepare("DELETE FROM collector_state WHERE key = $p0");
        _anyCopies = connection.QueryInt("SELECT EXISTS (SELECT 1 FROM event_sightings)") != 0;
    }

    /// <summary>Forgets what is cached: the transaction failed, or another process wrote.</summary>
    public void Clear()
    {
        _sessions.Clear();
        _attributions.Clear();
        _facts.Clear();
        _turns.Clear();
        _nameless.Load();
        _floor.Load();
        _forgotten.Load();
    }

    /// <summary>Merges what an earlier version stored twice; see <see cref="NamelessEvents" />.</summary>
    /// <returns>How many events are no longer there.</returns>
    public int SettleNameless() => _nameless.SettleAll();

    /// <summary>Writes a batch. The transaction may end after <see cref="Flush" />.</summary>
    public void Write(Batch batch, long nowMs, AppendResult result)
    {
        var now = UtcTime.Format(nowMs);
        if (_sessions.IsLarge)
        {
            _sessions.Clear();
            _attributions.Clear();
        }

        foreach (var info in batch.Sessions)
        {
            Merge(info, now, result);
        }

        AppendEvents(batch.Events, nowMs, now, result);
        foreach (var thread in batch.Threads)
        {
            _facts.Begin(nowMs);
            _turns.Bind(thread, _sessions.Get(thread.Session, now));
        }

        _turns.Settle(nowMs, result);
        AddRuns(batch.Runs, now, result);

        foreach (var checkpoint in batch.Checkpoints)
        {
            (checkpoint.Value is null
                ? _deleteCheckpoint.With(checkpoint.Key)
                : _saveCheckpoint.With(checkpoint.Key, checkpoint.Value, now)).ExecuteNonQuery();
        }
    }

    /// <summary>Writes what is added up over a transaction.</summary>
    public void Flush() => _facts.Flush();

    public void Dispose()
    {
        _adopted?.Dispose();
        _nameless.Dispose();
        _enrichment.Dispose();
        _copies.Dispose();
        _turns.Dispose();
        _facts.Dispose();
        _attributions.Dispose();
        _sessions.Dispose();
        _saveCheckpoint.Dispose();
        _deleteCheckpoint.Dispose();
    }

    void Merge(SessionInfo info, string now, AppendResult result)
    {
        var row = _sessions.Get(info.Session, now);
        var claim = row.Claim;
        if (info.ClaudeSessionId is { } threadId)
        {
            _turns.BindThread(RuntimeName.ClaudeCode, threadId, row);
        }

        if (!row.Merge(_forgotten.Hide(info)))
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

        if (row.Claim != claim)
        {
            _turns.SettleOwners(row);
        }
    }

    void AppendEvents(IReadOnlyList<UsageEvent> events, long nowMs, string now, AppendResult result)
    {
        SessionRow? row = null;
        SessionIdentity? session = null;
        foreach (var usage in events)
        {
            if (_floor.Hides(usage))
            {
                result.BelowFloor++;

                continue;
            }

            if (!ReferenceEquals(session, usage.Session))
            {
                session = usage.Session;
                row = BeginSession(session, nowMs, now);
            }

            if (usage.Runtime == RuntimeName.OpenClaw)
            {
                Append(usage, row!, now, result);
            }
            else
            {
                AppendOfRuntime(usage, row!, now, result);
            }
        }
    }

    /// <returns>False if it was stored already, by its key or as an adopted event.</returns>
    bool Append(UsageEvent usage, SessionRow row, string now, AppendResult result)
    {
        if (_adopted is not null && TryReplaceAdopted(_adopted, usage, row, now, result))
        {
            Note(usage);

            return false;
        }

        if (_nameless.Meet(usage, row) is (true, var isMoved))
        {
            result.Known++;
            result.Enriched += isMoved ? 1 : 0;
            _anyCopies = true;

            return false;
        }

        if (_facts.TryInsert(usage, row))
        {
            result.AddAdded(usage);
            Note(usage);

            return true;
        }

        result.Known++;
        result.Enriched += _copies.Meet(usage, row) | (_adopted?.Meet(usage, row, now) ?? false) ? 1 : 0;
        _anyCopies = true;

        return false;
    }

    /// <summary>An event that is stored now, and has no id, may be read with one later.</summary>
    void Note(UsageEvent usage)
    {
        if (usage.IsNameless)
        {
            _nameless.Mark(usage);
        }
    }

    void AppendOfRuntime(UsageEvent usage, SessionRow row, string now, AppendResult result)
    {
        switch (usage)
        {
            case { Scope: EventScope.Call }:
                _turns.AppendCall(usage, row, result);
                break;
            case { Scope: EventScope.Part }:
                _ = _adopted?.TryReplace(usage, row, now);
                _turns.AppendPart(usage, row, result);
                break;
            case { Runtime: RuntimeName.Codex or RuntimeName.ClaudeCode, Turn: not null }:
                if (!_turns.MeetRow(usage, row, result))
                {
                    Append(usage, row, now, result);
                    _turns.AddRow(usage);
                }

                break;
            default:
                // Calls of such a turn are never found.
                if (!Append(usage, row, now, result))
                {
                    _turns.Relabel(usage);
                }

                break;
        }
    }

    bool TryReplaceAdopted(ImportedEvents adopted, UsageEvent usage, SessionRow row, string now, AppendResult result)
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
        }

        return true;
    }

    SessionRow BeginSession(SessionIdentity session, long nowMs, string now)
    {
        var row = _sessions.Get(session, now);
        _sessions.LoadRuns(row);
        _sessions.Touch(row, now);
        _facts.Begin(nowMs);
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
