using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>A page of the change feed in the making, and how far the follower has read with it.</summary>
/// <param name="token">Where it begins.</param>
/// <param name="limit">The most changes it takes.</param>
/// <param name="taker">What takes them.</param>
sealed class PageBuilder(ChangeToken token, int limit, IChangeTaker taker)
{
    int _count;
    bool _hasMore;

    public ChangePosition Position { get; private set; } = token.Position;

    ChangePosition Within { get; set; } = token.Within;

    /// <summary>Takes a key of which there is no event any more; false if the page is full.</summary>
    public bool TryAddRemoval(EventKey key)
    {
        if (HasRoom())
        {
            taker.TakeRemoval(key);
            _count++;
        }

        return !_hasMore;
    }

    /// <summary>Takes the current event of some rows; false if the page is full.</summary>
    public bool TryAdd(EventRows rows)
    {
        if (HasRoom())
        {
            taker.Take(rows.Key, rows);
            _count++;
        }

        return !_hasMore;
    }

    /// <summary>Of a change that concerns several events the last event that was told; 0 if none was.</summary>
    public long LastWithin(long change) => Within.Change == change ? Within.EventId : 0;

    public void PassWithin(long change, long eventId) => Within = new ChangePosition(eventId, change);

    public void PassChange(long change) => (Position, Within) = (Position with { Change = change }, default);

    public void PassEvent(long eventId) => Position = Position with { EventId = eventId };

    bool HasRoom() => !(_hasMore = _count == limit);

    public PageEnd Build() => new(_count, token with { Position = Position, Within = Within }, _hasMore);
}
