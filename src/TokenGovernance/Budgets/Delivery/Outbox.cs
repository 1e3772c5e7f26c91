using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Delivers the messages that the store says are due: each at least once, none by two programs, none for ever.</summary>
/// <remarks>
///     Three steps, so that the store is never held while somebody is waited for: claim, send, note. A program that dies after a claim
///     leaves the message to whoever comes when the claim is over. One that dies after the other side took the message and before that
///     was noted sends it again: its id says so.
/// </remarks>
sealed class Outbox(Destinations destinations, TimeProvider time)
{
    /// <summary>Messages an hour to one destination; what is more comes as one.</summary>
    public const int MostAnHour = 20;

    const long HourMs = 3_600_000;
    const long FirstPauseMs = 60_000;
    const long GiveUpMs = 24 * HourMs;

    /// <summary>Longer than any pause: only a clock that was set back puts a message so far ahead.</summary>
    const long FarMs = 2 * HourMs;

    static readonly TimeSpan ClaimSlack = TimeSpan.FromSeconds(15);

    /// <summary>Claims one message for each destination that has some.</summary>
    /// <param name="table">In a transaction.</param>
    /// <param name="busy">Destinations that a message is on its way to: the next one waits.</param>
    public IReadOnlyList<Parcel> Claim(AlertTable table, IReadOnlyCollection<string> busy)
    {
        var nowMs = NowMs();
        var parcels = new List<Parcel>();
        foreach (var due in table.FindDue(nowMs, nowMs + FarMs).GroupBy(delivery => delivery.Destination).Where(due => !busy.Contains(due.Key)))
        {
            if (destinations.Find(due.Key) is not { } destination)
            {
                due.ToList().ForEach(delivery => table.MarkFailed(delivery, "this destination is not configured any more", nextMs: null));
            }
            else if (ClaimNext(table, [.. due], destination, nowMs) is { } parcel)
            {
                parcels.Add(parcel);
            }
        }

        return parcels;
    }

    /// <summary>Sends what was claimed. Touches no store.</summary>
    public async Task<IReadOnlyList<Sent>> SendAsync(IReadOnlyList<Parcel> parcels, CancellationToken stop) => await Task.WhenAll(
        parcels.Select(async parcel =>
        {
            FailPoint.Reach(FailPoint.AlertBeforeSend);
            var error = await destinations.Find(parcel.Destination)!.SendAsync(parcel.Message, stop);
            FailPoint.Reach(FailPoint.AlertAfterSend);

            return new Sent(parcel, error);
        }));

    /// <summary>Notes what became of it.</summary>
    /// <param name="table">In a transaction.</param>
    /// <param name="sent">What was sent, or not.</param>
    public void Note(AlertTable table, IReadOnlyList<Sent> sent)
    {
        var nowMs = NowMs();
        foreach (var (parcel, error) in sent)
        {
            foreach (var delivery in parcel.Deliveries)
            {
                if (error is null)
                {
                    table.MarkDelivered(delivery, parcel.Message.Id, nowMs);
                }
                else
                {
                    table.MarkFailed(delivery, error, NextTry(delivery, nowMs));
                }
            }
        }
    }

    static Parcel? ClaimNext(AlertTable table, IReadOnlyList<DueDelivery> due, IDestination destination, long nowMs)
    {
        var sent = table.FindSent(due[0].Destination, nowMs - HourMs);
        if (sent.Count >= MostAnHour)
        {
            due.ToList().ForEach(delivery => table.PutOff(delivery, sent[0] + HourMs));

            return null;
        }

        // The last message of the hour is for all that are left.
        var next = sent.Count == MostAnHour - 1 ? due : [due[0]];
        var until = nowMs + (long)(destination.TimeLimit + ClaimSlack).TotalMilliseconds;
        var claimed = next.Where(delivery => table.Claim(delivery, until)).ToList();
        var messages = claimed.Select(delivery => AlertMessage.Of(delivery, nowMs)).ToList();

        return messages.Count switch
        {
            0 => null,
            1 => new Parcel(due[0].Destination, claimed, messages[0]),
            _ => new Parcel(due[0].Destination, claimed, AlertMessage.Digest(messages)),
        };
    }

    /// <summary>After 1, 2, 4 … minutes up to an hour, for a day.</summary>
    static long? NextTry(DueDelivery delivery, long nowMs)
    {
        var since = delivery.IsResolution ? delivery.Alert.ResolvedMs ?? nowMs : delivery.Alert.FiredMs;
        var next = nowMs + Math.Min(HourMs, FirstPauseMs << Math.Min(delivery.Attempt - 1, 10));

        return next - since > GiveUpMs ? null : next;
    }

    long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>One message on its way.</summary>
/// <param name="Deliveries">What it tells of: one, or all of a digest.</param>
sealed record Parcel(string Destination, IReadOnlyList<DueDelivery> Deliveries, AlertMessage Message);

/// <summary>What became of a message: NULL is delivered.</summary>
sealed record Sent(Parcel Parcel, string? Error);
