using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>The `event_facts` table: one row an event, with the ids of what it shares. Whatever changes there goes through here.</summary>
/// <remarks>Triggers of the schema keep the roll-up and the change feed true; only new events are added up here, which is cheaper.</remarks>
sealed class EventFacts : IDisposable
{
    /// <summary>Columns whose values an event brings along; after them in each statement come the ids of what is shared.</summary>
    static readonly EventColumn[] OfEvent = [.. EventColumns.Of(EventTable.Facts).Where(column => column.Bind is not null)];
    static readonly string[] Shared = ["attribution_id", "model_id", "outcome_id", "file_id", "turn_ref"];

    /// <summary>Columns of `event_turns` that are not of `usage_events`: they lead to the turn that a subagent works for.</summary>
    static readonly (string Name, Func<UsageEvent, object?> Value)[] TurnColumns =
    [
        ("runtime", usage => usage.Runtime), ("root_thread_id", usage => usage.Turn?.RootThreadId), ("root_turn_id", usage => usage.Turn?.RootTurnId),
    ];

    static readonly object[] CostClasses = [.. Enum.GetValues<CostClass>().Select(value => (object)(long)value)];

    readonly SqliteConnection _connection;
    readonly AttributionTable _attributions;
    readonly SharedTable _models, _outcomes, _files, _turns;
    readonly RollupTable _rollup;
    readonly RawStatement _insert, _replace;
    readonly SqliteCommand _find, _move, _attribute, _assign, _relabel, _remove;
    SessionRow? _boundRow;
    string? _boundTrigger;
    long _boundAttribution;

    public EventFacts(SqliteConnection connection, AttributionTable attributions)
    {
        _connection = connection;
        _attributions = attributions;
        _models = new SharedTable(connection, "event_models", SharedColumns(EventTable.Models));
        _outcomes = new SharedTable(connection, "event_outcomes", [.. SharedColumns(EventTable.Outcomes), ("cost_class", usage => CostClasses[(int)usage.Cost.Class])]);
        _files = new SharedTable(connection, "event_files", SharedColumns(EventTable.Files));
        _turns = new SharedTable(connection, "event_turns", [.. SharedColumns(EventTable.Turns), .. TurnColumns]);
        _rollup = new RollupTable(connection);
        attributions.Changing = Flush;

        string[] names = [.. OfEvent.Select(column => column.StoredName), .. Shared];
        _insert = new RawStatement(connection, $"""
            INSERT INTO event_facts ({string.Join(", ", names)}, ingest_ms) VALUES ({string.Join(", ", names.Select(_ => "?"))}, ?)
            ON CONFLICT (event_key) DO NOTHING
            """);
        _replace = new RawStatement(connection, $"UPDATE event_facts SET {string.Join(", ", names.Select(name => $"{name} = ?"))} WHERE id = ?");
        _find = connection.Prepare("SELECT id FROM event_facts WHERE event_key = $p0");
        _move = connection.Prepare("UPDATE event_facts SET attribution_id = $p1, file_id = $p2, source_line_no = $p3 WHERE id = $p0");
        _attribute = connection.Prepare("UPDATE event_facts SET attribution_id = $p1 WHERE id = $p0");
        _assign = connection.Prepare("UPDATE event_facts SET attribution_id = $p1, run_id = coalesce($p2, run_id) WHERE id = $p0");
        _relabel = connection.Prepare("UPDATE event_facts SET model_id = $p1, turn_ref = $p2, run_id = coalesce(run_id, $p3) WHERE id = $p0");
        _remove = connection.Prepare("DELETE FROM event_facts WHERE id = $p0");
    }

    static int IngestParameter => OfEvent.Length + Shared.Length + 1;

    /// <summary>Begins a run of inserts: facts of sessions may have changed since the last.</summary>
    public void Begin(long nowMs)
    {
        ForgetSession();
        _insert.Bind(IngestParameter, nowMs);
    }

    /// <summary>Forgets which attribution the events of a session have: facts of one have changed.</summary>
    public void ForgetSession() => _boundRow = null;

    /// <summary>Inserts an event as one of a session; false if its key is stored already.</summary>
    public bool TryInsert(UsageEvent usage, SessionRow row)
    {
        var shared = Share(usage, AttributionOf(row, row.ResolveTrigger(usage)));
        Bind(_insert, usage, shared);
        if (!_insert.Execute())
        {
            return false;
        }

        _rollup.Add(usage, shared.Attribution, shared.Model, raw.sqlite3_last_insert_rowid(_connection.Handle));

        return true;
    }

    /// <summary>True if an event with a key is stored.</summary>
    public bool Contains(EventKey key) => Find(key) is not null;

    /// <summary>Returns the id of the event with a key; NULL if none is stored.</summary>
    public long? Find(EventKey key) => (long?)_find.With(key.ToBytes()).ExecuteScalar();

    /// <summary>Gives a stored event everything that another one says, but its id and the time it was stored.</summary>
    public void Replace(long eventId, UsageEvent usage, Attribution attribution)
    {
        Flush();
        Bind(_replace, usage, Share(usage, attribution.Id));
        _replace.Bind(OfEvent.Length + Shared.Length + 1, eventId);
        _replace.Execute();
    }

    /// <summary>Gives an event to another session.</summary>
    public void Move(long eventId, Attribution attribution, long? fileId, long? line)
    {
        Flush();
        _move.With(eventId, attribution.Id, fileId, line).ExecuteNonQuery();
    }

    /// <summary>Gives an event another attribution.</summary>
    public void Attribute(long eventId, Attribution attribution)
    {
        Flush();
        _attribute.With(eventId, attribution.Id).ExecuteNonQuery();
    }

    /// <summary>Gives an event to another session, of which the run may be known.</summary>
    public void Assign(long eventId, Attribution attribution, string? runId)
    {
        Flush();
        _assign.With(eventId, attribution.Id, CompactId.Encode(runId)).ExecuteNonQuery();
    }

    /// <summary>Says of a stored event what carried it out, and what it stands for.</summary>
    public void Relabel(long eventId, UsageEvent usage)
    {
        Flush();
        _relabel.With(eventId, _models.Get(usage), TurnOf(usage), CompactId.Encode(usage.RunId)).ExecuteNonQuery();
    }

    public void Remove(long eventId)
    {
        Flush();
        _remove.With(eventId).ExecuteNonQuery();
    }

    /// <summary>The id of the file that an event was read from.</summary>
    public long FileOf(UsageEvent usage) => _files.Get(usage);

    /// <summary>The id of the model that an event names.</summary>
    public long ModelOf(UsageEvent usage) => _models.Get(usage);

    /// <summary>The id of the turn that an event is of; NULL for OpenClaw's own.</summary>
    public long? TurnOf(UsageEvent usage) => usage.Turn is null ? null : _turns.Get(usage);

    /// <summary>Adds an event to the roll-up that was inserted by SQL.</summary>
    public void AddStored(long eventId)
    {
        Flush();
        _rollup.AddStored(eventId);
    }

    /// <summary>Adds what was inserted to the roll-up. Before the transaction ends, and before any event changes.</summary>
    public void Flush() => _rollup.Flush();

    /// <summary>Forgets what is cached: the transaction failed, or another process wrote.</summary>
    public void Clear()
    {
        ForgetSession();
        _models.Clear();
        _outcomes.Clear();
        _files.Clear();
        _turns.Clear();
        _rollup.Clear();
    }

    public void Dispose()
    {
        foreach (var disposable in new IDisposable[] { _models, _outcomes, _files, _turns, _rollup, _insert, _replace, _find, _move, _attribute, _assign, _relabel, _remove })
        {
            disposable.Dispose();
        }
    }

    static (string Name, Func<UsageEvent, object?> Value)[] SharedColumns(EventTable table) =>
        [.. EventColumns.Of(table).Select(column => (column.StoredName, (Func<UsageEvent, object?>)column.Shared!))];

    long AttributionOf(SessionRow row, string? trigger)
    {
        if (!ReferenceEquals(row, _boundRow) || trigger != _boundTrigger)
        {
            (_boundRow, _boundTrigger) = (row, trigger);
            _boundAttribution = _attributions.Get(row, trigger).Id;
        }

        return _boundAttribution;
    }

    (long Attribution, long Model, long Outcome, long File, long? Turn) Share(UsageEvent usage, long attribution) =>
        (attribution, _models.Get(usage), _outcomes.Get(usage), _files.Get(usage), TurnOf(usage));

    static void Bind(RawStatement statement, UsageEvent usage, (long Attribution, long Model, long Outcome, long File, long? Turn) shared)
    {
        for (var i = 0; i < OfEvent.Length; i++)
        {
            OfEvent[i].Bind!(statement, i + 1, usage);
        }

        statement.Bind(OfEvent.Length + 1, shared.Attribution);
        statement.Bind(OfEvent.Length + 2, shared.Model);
        statement.Bind(OfEvent.Length + 3, shared.Outcome);
        statement.Bind(OfEvent.Length + 4, shared.File);
        statement.Bind(OfEvent.Length + 5, shared.Turn);
    }
}
