using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets.Passes;

/// <summary>Says what fires and what is told to whom; of a destination that does not work once for as long as that lasts.</summary>
sealed class AlertLog(CollectLog log)
{
    readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);

    /// <summary>Tells what is watched.</summary>
    public void Tell(Settings settings)
    {
        foreach (var warning in settings.Warnings)
        {
            log.Warn(warning);
        }

        string?[] parts =
        [
            settings.Budgets.Count > 0 ? NumberFormat.Count(settings.Budgets.Count, "budget") : null,
            settings.Quotas.Count > 0 ? NumberFormat.Count(settings.Quotas.Count, "quota") : null,
            settings.Runaway is not null ? "runaways" : null,
        ];
        log.Write(settings.HasLimits ? $"watching {string.Join(", ", parts.OfType<string>())} of {settings.Path}" : "no limits are configured any more");
    }

    /// <summary>Tells that the configuration file cannot be followed.</summary>
    public void TellBroken(string reason) => log.Warn($"the limits stay as they were: {reason}");

    public void Tell(IReadOnlyList<Alert> fired)
    {
        foreach (var alert in fired)
        {
            log.Warn($"alert {alert.Id}: {alert.Text}");
        }
    }

    public void Tell(Sent sent)
    {
        var (parcel, error) = sent;
        if (error is null)
        {
            _failures.Remove(parcel.Destination);
            log.Write($"told {parcel.Destination}: alert {parcel.Message.Id}");
        }
        else if (!_failures.TryGetValue(parcel.Destination, out var known) || known != error)
        {
            _failures[parcel.Destination] = error;
            log.Warn($"alert {parcel.Message.Id} was not delivered to {parcel.Destination}: {error}; it is tried again");
        }
    }
}
