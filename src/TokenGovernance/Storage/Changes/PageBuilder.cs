using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>A page of the change feed in the making, and how far the follower has read with it.</summary>
/// <param name="token">Where it begins.</param>
/// <param name="limit">The most changes it takes.</param>
sealed class PageBuilder(ChangeToken token, int limit)
{
    readonly List<EventChange> _changes = [];
    bool _hasMore;

    public ChangePosition Position { get; private set; } = token.Position;

    ChangePosition Within { get; set; } = token.Within;

    /// <summary>Takes a change; false if the page is full.</summary>
    public bool TryAdd(EventChange change)
    {
        if (HasRoom())
        {
            _changes.Add(change);
        }

        return !_hasMore;
    }

    /// <summary>Takes the current event of some rows; false if the page is full.</summary>
    public bool TryAdd(EventRows rows)
    {
        if (HasRoom())
        {
            _changes.Add(new EventChange(rows.Key, rows.Read()));
        }

        return !_hasMore;
    }

    /// <summary>Of a change that concerns several events the last event that was told; 0 if none was.</summary>
    public long LastWithin(long change) => Within.Change == change ? Within.EventId : 0;

    public void PassWithin(long change, long eventId) => Within = new ChangePosition(eventId, change);

    public void PassChange(long change) => (Position, Within) = (Position with { Change = change }, default);

    public void PassEvent(long eventId) => Position = Position with { EventId = eventId };

    bool HasRoom() => !(_hasMore = _changes.Count == limit);

    public ChangePage Build() => new(_changes, token with { Position = Position, Within = Within }, _hasMore);
}
