using TokenGovernance.Storage;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Delivers what is due until nothing is, for somebody who waits for it.</summary>
static class DeliveryRun
{
    /// <summary>More rounds than an hour's messages: a run always ends.</summary>
    const int MostRounds = Outbox.MostAnHour + 1;

    /// <returns>What was sent, or not.</returns>
    public static async Task<IReadOnlyList<Sent>> RunAsync(UsageStore store, Outbox outbox, CancellationToken stop)
    {
        var all = new List<Sent>();
        for (var round = 0; round < MostRounds && store.ChangeAlerts(table => outbox.Claim(table, busy: [])) is { Count: > 0 } parcels; round++)
        {
            var sent = await outbox.SendAsync(parcels, stop);
            store.ChangeAlerts(table =>
            {
                outbox.Note(table, sent);

                return true;
            });
            all.AddRange(sent);
        }

        return all;
    }
}
