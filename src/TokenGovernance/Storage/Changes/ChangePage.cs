using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>A part of the change feed, in order.</summary>
/// <param name="Changes">What was added, changed or went. Where a key comes several times, its last change counts.</param>
/// <param name="Next">Where the next page begins; to be kept together with what was made of this one.</param>
/// <param name="HasMore">There is more now.</param>
sealed record ChangePage(IReadOnlyList<EventChange> Changes, ChangeToken Next, bool HasMore);

/// <summary>What there is to know of a page whose changes somebody took.</summary>
/// <param name="Count">How many they were.</param>
/// <param name="Next">Where the next page begins; to be kept together with what was made of this one.</param>
/// <param name="HasMore">There is more now.</param>
sealed record PageEnd(int Count, ChangeToken Next, bool HasMore);

/// <summary>One event that was added or changed, or is no longer there.</summary>
/// <param name="Key">What names the event.</param>
/// <param name="Event">The whole event as it is now; NULL: there is none of this key (any more).</param>
sealed record EventChange(EventKey Key, StoredEvent? Event)
{
    public bool IsRemoval => Event is null;
}
