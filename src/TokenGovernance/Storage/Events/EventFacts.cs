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
    static readonly IReadOnlyList<EventColumn> OfEvent = [.. EventColumns.Of(EventTable.Facts).Where(column => column.Bind is not null)];
    static readonly string[] Shared = ["attribution_id", "model_id", "outcome_id", "file_id"];
    static readonly object[] CostClasses = [.. Enum.GetValues<CostClass>().Select(value => (object)(long)value)];

    readonly SqliteConnection _connection;
    readonly AttributionTable _attributions;
    readonly SharedTable _models, _outcomes, _files;
    readonly RollupTable _rollup;
    readonly RawStatement _insert, _replace;
    readonly SqliteCommand _contains, _move, _attribute, _remove;
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
        _rollup = new RollupTable(connection);

        string[] names = [.. OfEvent.Select(column => column.StoredName), .. Shared];
        _insert = new RawStatement(connection, $"""
            INSERT INTO event_facts ({string.Join(", ", names)}, ingest_ms) VALUES ({string.Join(", ", names.Select(_ => "?"))}, ?)
            ON CONFLICT (event_key) DO NOTHING
            """);
        _replace = new RawStatement(connection, $"UPDATE event_facts SET {string.Join(", ", names.Select(name => $"{name} = ?"))} WHERE id = ?");
        _contains = connection.Prepare("SELECT EXISTS (SELECT 1 FROM event_facts WHERE event_key = $p0)");
        _move = connection.Prepare("UPDATE event_facts SET attribution_id = $p1, file_id = $p2, source_line_no = $p3 WHERE id = $p0");
        _attribute = connection.Prepare("UPDATE event_facts SET attribution_id = $p1 WHERE id = $p0");
        _remove = connection.Prepare("DELETE FROM event_facts WHERE id = $p0");
    }

    static int IngestParameter => OfEvent.Count + Shared.Length + 1;

    /// <summary>Begins a run of inserts: facts of sessions may have changed since the last.</summary>
    public void Begin(long nowMs)
    {
        _boundRow = null;
        _insert.Bind(IngestParameter, nowMs);
    }

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
    public bool Contains(EventKey key)
    {
        var bytes = new byte[EventKey.Size];
        key.WriteTo(bytes);

        return (long)_contains.With(bytes).ExecuteScalar()! != 0;
    }

    /// <summary>Gives a stored event everything that another one says, but its id and the time it was stored.</summary>
    public void Replace(long eventId, UsageEvent usage, Attribution attribution)
    {
        Flush();
        Bind(_replace, usage, Share(usage, attribution.Id));
        _replace.Bind(OfEvent.Count + Shared.Length + 1, eventId);
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

    public void Remove(long eventId)
    {
        Flush();
        _remove.With(eventId).ExecuteNonQuery();
    }

    /// <summary>The id of the file that an event was read from.</summary>
    public long FileOf(UsageEvent usage) => _files.Get(usage);

    /// <summary>Adds what was inserted to the roll-up. Before the transaction ends, and before any event changes.</summary>
    public void Flush() => _rollup.Flush();

    /// <summary>Forgets what is cached: the transaction failed, or another process wrote.</summary>
    public void Clear()
    {
        _boundRow = null;
        _models.Clear();
        _outcomes.Clear();
        _files.Clear();
        _rollup.Clear();
    }

    public void Dispose()
    {
        foreach (var disposable in new IDisposable[] { _models, _outcomes, _files, _rollup, _insert, _replace, _contains, _move, _attribute, _remove })
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

    (long Attribution, long Model, long Outcome, long File) Share(UsageEvent usage, long attribution) =>
        (attribution, _models.Get(usage), _outcomes.Get(usage), _files.Get(usage));

    static void Bind(RawStatement statement, UsageEvent usage, (long Attribution, long Model, long Outcome, long File) shared)
    {
        for (var i = 0; i < OfEvent.Count; i++)
        {
            OfEvent[i].Bind!(statement, i + 1, usage);
        }

        statement.Bind(OfEvent.Count + 1, shared.Attribution);
        statement.Bind(OfEvent.Count + 2, shared.Model);
        statement.Bind(OfEvent.Count + 3, shared.Outcome);
        statement.Bind(OfEvent.Count + 4, shared.File);
    }
}
