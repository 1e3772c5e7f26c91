using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>What was added to the store, changed in it and removed from it since a token, in order.</summary>
/// <remarks>
///     Changes come first, then new events: so an event is new only to those who know all that happened before it was there. A
///     change of what is known of a session is one row of `event_changes`; its events are looked up here, by the index, page by
///     page. Where a key comes several times, its last change is right, whatever changes between two pages.
/// </remarks>
sealed class ChangeFeed : IDisposable
{
    const string ChangesSql = "SELECT seq, event_id, attribution_id, removed_key FROM event_changes WHERE seq > ?1 ORDER BY seq";

    const string OneEvent = "e.id = ?1";

    const string OfAttribution = "e.attribution_id = ?1 AND e.id > ?2 AND e.id <= ?3";

    const string NewEvents = "e.id > ?1";

    readonly SqliteConnection _connection;
    readonly SqliteRows _changes;
    readonly EventRows _event, _ofAttribution, _new;

    public ChangeFeed(SqliteConnection connection)
    {
        _connection = connection;
        _changes = new SqliteRows(connection, ChangesSql);
        _event = new EventRows(connection, OneEvent);
        _ofAttribution = new EventRows(connection, OfAttribution);
        _new = new EventRows(connection, NewEvents);
    }

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["changes"] = ChangesSql,
        ["changed event"] = EventRows.Select(OneEvent),
        ["events of an attribution"] = EventRows.Select(OfAttribution),
        ["new events"] = EventRows.Select(NewEvents),
    };

    /// <summary>Reads the next page.</summary>
    /// <param name="after">Where the last one ended; NULL begins with the first event.</param>
    /// <param name="limit">The most changes of the page, at least 1.</param>
    /// <exception cref="InvalidChangeTokenException">The token is of another store, or of another history of it.</exception>
    public ChangePage Read(ChangeToken? after, int limit)
    {
        var list = new ChangeList();
        var end = Read(after, limit, list);

        return new ChangePage(list.Changes, end.Next, end.HasMore);
    }

    /// <summary>Gives the changes of the next page to somebody.</summary>
    /// <param name="after">Where the last one ended; NULL begins with the first event.</param>
    /// <param name="limit">The most changes of the page, at least 1.</param>
    /// <param name="taker">Takes them.</param>
    /// <exception cref="InvalidChangeTokenException">The token is of another store, or of another history of it. Nothing was given.</exception>
    public PageEnd Read(ChangeToken? after, int limit, IChangeTaker taker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var page = new PageBuilder(after is null ? ChangeEpochs.MakeFirst(_connection) : ChangeEpochs.Renew(_connection, after), limit, taker);
        if (ReadChanges(page))
        {
            ReadNew(page);
        }

        return page.Build();
    }

    /// <summary>The token of somebody who knows the store as it is now.</summary>
    public ChangeToken ReadEnd()
    {
        var first = ChangeEpochs.MakeFirst(_connection);

        return first with { Position = first.Seen };
    }

    public void Dispose()
    {
        foreach (var rows in new IDisposable[] { _changes, _event, _ofAttribution, _new })
        {
            rows.Dispose();
        }
    }

    /// <summary>Tells what changed; false if there was no room for all of it.</summary>
    bool ReadChanges(PageBuilder page)
    {
        _changes.Reset();
        _changes.Bind(1, page.Position.Change);
        while (_changes.Next())
        {
            if (!TryTell(page))
            {
                return false;
            }

            page.PassChange(_changes.GetInteger(0));
        }

        return true;
    }

    /// <summary>Tells one row of `event_changes`; false if there was no room for it.</summary>
    bool TryTell(PageBuilder page)
    {
        if (_changes.TypeOf(3) is CellType.Blob)
        {
            return page.TryAddRemoval(EventKey.Read(_changes.GetBlob(3)));
        }

        return _changes.TypeOf(1) is CellType.Null
            ? TryTellAttribution(page, _changes.GetInteger(2), change: _changes.GetInteger(0))
            : TryTellEvent(page, _changes.GetInteger(1));
    }

    bool TryTellEvent(PageBuilder page, long id)
    {
        if (id > page.Position.EventId)
        {
            // It is new to the follower, and comes as such.
            return true;
        }

        _event.Begin(id);

        return !_event.Next() || page.TryAdd(_event);
    }

    bool TryTellAttribution(PageBuilder page, long id, long change)
    {
        _ofAttribution.Begin(id, page.LastWithin(change), page.Position.EventId);
        while (_ofAttribution.Next())
        {
            if (!page.TryAdd(_ofAttribution))
            {
                return false;
            }

            page.PassWithin(change, _ofAttribution.Id);
        }

        return true;
    }

    void ReadNew(PageBuilder page)
    {
        _new.Begin(page.Position.EventId);
        while (_new.Next() && page.TryAdd(_new))
        {
            page.PassEvent(_new.Id);
        }
    }
}
