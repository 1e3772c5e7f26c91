using TokenGovernance.Configuration;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>The destinations of a configuration, by name.</summary>
sealed class Destinations : IDisposable
{
    readonly Dictionary<string, IDestination> _all;
    readonly Lazy<HttpClient> _http = new(() => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        // Each message has a limit of its own.
        Timeout = Timeout.InfiniteTimeSpan,
    });

    /// <param name="settings">All that are configured, and the budgets that act.</param>
    /// <param name="openClawBin">The program; NULL looks for `openclaw` on PATH.</param>
    /// <param name="time">The clock of time limits.</param>
    public Destinations(Settings settings, string? openClawBin, TimeProvider time)
    {
        _all = settings.Destinations.ToDictionary(one => one.Name, one => Make(one, openClawBin, time), StringComparer.Ordinal);
        foreach (var job in settings.Budgets.Select(budget => budget.DisabledJob).OfType<string>())
        {
            _all[DisableJobAction.NameOf(job)] = new DisableJobAction(job, openClawBin, time);
        }
    }

    public IDestination? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>Those of some names that also want to hear that something is over.</summary>
    public IEnumerable<string> WithResolutions(IEnumerable<string> names) => names.Where(name => Find(name) is { WantsResolutions: true });

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }

    IDestination Make(DestinationSettings settings, string? openClawBin, TimeProvider time) =>
        settings.Exec is { } command ? new ProgramDestination(command, time)
        : settings.OpenClaw is { } message ? new OpenClawDestination(message, openClawBin, time)
        : new WebhookDestination(settings.Webhook!, _http.Value);
}
