using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>The bulk insert of events: one prepared statement, bound again only where a value changes from row to row.</summary>
sealed class EventInsert : IDisposable
{
    readonly RawStatement _insert;
    readonly (int Parameter, Action<RawStatement, int, UsageEvent> Bind)[] _ofEvent;
    readonly (int Parameter, Func<SessionRow, object?> Value)[] _ofSession;
    readonly int _ingested, _trigger;
    SessionRow? _boundRow;

    public EventInsert(SqliteConnection connection)
    {
        _insert = new RawStatement(connection, EventSql.Insert);
        var columns = EventSql.Inserted.Select((column, i) => (Parameter: i + 1, Column: column)).ToList();
        _ofEvent = [.. columns.Where(at => at.Column.Bind is not null).Select(at => (at.Parameter, at.Column.Bind!))];
        _ofSession = [.. columns.Where(at => at.Column.OfSession is not null).Select(at => (at.Parameter, at.Column.OfSession!))];
        _ingested = columns.Single(at => at.Column.Origin is EventColumnOrigin.Store).Parameter;
        _trigger = columns.Single(at => at.Column.Origin is EventColumnOrigin.Trigger).Parameter;
    }

    /// <summary>Begins a run of inserts: facts of sessions may have changed since the last.</summary>
    public void Begin(string now)
    {
        _boundRow = null;
        _insert.Bind(_ingested, now);
    }

    /// <summary>Inserts an event as one of a session; false if its key is known.</summary>
    public bool TryInsert(UsageEvent usage, SessionRow row)
    {
        if (!ReferenceEquals(row, _boundRow))
        {
            _boundRow = row;
            foreach (var (parameter, value) in _ofSession)
            {
                _insert.Bind(parameter, value(row));
            }
        }

        foreach (var (parameter, bind) in _ofEvent)
        {
            bind(_insert, parameter, usage);
        }

        _insert.Bind(_trigger, row.ResolveTrigger(usage));

        return _insert.Execute();
    }

    public void Dispose() => _insert.Dispose();
}
