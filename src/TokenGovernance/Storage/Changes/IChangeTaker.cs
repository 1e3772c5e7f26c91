using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>Takes the changes of a page one by one, in order: nothing is kept of them but what it keeps.</summary>
interface IChangeTaker
{
    /// <summary>An event was added or changed.</summary>
    /// <param name="key">What names it.</param>
    /// <param name="rows">Its values as they are now, to be read at once.</param>
    void Take(EventKey key, EventRows rows);

    /// <summary>There is no event of this key any more.</summary>
    void TakeRemoval(EventKey key);
}
