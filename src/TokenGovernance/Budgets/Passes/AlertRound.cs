using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Budgets.Passes;

/// <summary>All that looking at the limits of one configuration, in one store, needs.</summary>
/// <param name="settings">The limits, and who hears of them.</param>
/// <param name="openClawBin">The program; NULL looks for `openclaw` on PATH.</param>
/// <param name="storePath">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="prices">List prices for budgets that estimate; NULL: there are none.</param>
/// <param name="pauseFactor">As of <see cref="BudgetWatch" />; 0 reads all again whenever some of it changed.</param>
sealed class AlertRound(Settings settings, string? openClawBin, string storePath, TimeProvider time, Func<PriceList>? prices = null, int pauseFactor = 20) : IDisposable
{
    readonly Destinations _destinations = new(settings, openClawBin, time);
    readonly BudgetWatch _watch = new(settings, settings.Zone ?? TimeZones.Local, new LocalStore(storePath), time, prices, pauseFactor);
    readonly ViewState _state = new(time);
    string? _recorded;

    /// <summary>Looks at the store. May take a second.</summary>
    /// <returns>How things stand; NULL: there is nothing to be stored that was not stored after the look before.</returns>
    public BudgetView? Look(UsageStore store) => store.Read(reader =>
        _watch.HasNews(reader) && _watch.Read(reader) is var view && (view.History is not null || _state.Of(view) != _recorded) ? view : null);

    /// <summary>Stores what fires and what became of messages, and takes those that are to be sent now.</summary>
    /// <param name="store">Where.</param>
    /// <param name="view">How things stand; NULL: nobody looked.</param>
    /// <param name="sent">Messages that were sent, or not.</param>
    /// <param name="busy">Destinations that a message is on its way to; NULL: nothing is to be sent.</param>
    /// <returns>What fired, and messages, each for another destination.</returns>
    public (IReadOnlyList<Alert> Fired, IReadOnlyList<Parcel> Parcels) Record(
        UsageStore store, BudgetView? view, IReadOnlyList<Sent> sent, IReadOnlyCollection<string>? busy)
    {
        var result = store.ChangeAlerts(table =>
        {
            var outbox = new Outbox(_destinations, time);
            outbox.Note(table, sent);

            return (
                view is null ? [] : new AlertRecorder(settings, _destinations, time).Record(table, view),
                busy is null ? (IReadOnlyList<Parcel>)[] : outbox.Claim(table, busy));
        });
        _recorded = view is null ? _recorded : _state.Of(view);

        return result;
    }

    /// <summary>Sends a message. Touches no store.</summary>
    public async Task<Sent> SendAsync(Parcel parcel, CancellationToken stop) => (await new Outbox(_destinations, time).SendAsync([parcel], stop))[0];

    public void Dispose() => _destinations.Dispose();
}
