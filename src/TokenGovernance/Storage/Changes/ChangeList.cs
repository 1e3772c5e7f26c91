using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Changes;

/// <summary>Keeps the changes of a page, each event whole.</summary>
sealed class ChangeList : IChangeTaker
{
    readonly List<EventChange> _changes = [];

    public IReadOnlyList<EventChange> Changes => _changes;

    public void Take(EventKey key, EventRows rows) => _changes.Add(new EventChange(key, rows.Read()));

    public void TakeRemoval(EventKey key) => _changes.Add(new EventChange(key, Event: null));
}
