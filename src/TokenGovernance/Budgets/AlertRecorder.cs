using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Quotas;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Budgets;

/// <summary>Stores what fires and what is over, with the messages about it.</summary>
/// <param name="settings">Who hears of what.</param>
/// <param name="destinations">Who wants to hear also that something is over.</param>
/// <param name="time">The clock.</param>
sealed class AlertRecorder(Settings settings, Destinations destinations, TimeProvider time)
{
    /// <summary>A runaway that was not flagged for so long, when somebody looks at last, is history.</summary>
    const long NewsMs = 3_600_000;

    /// <summary>Compares how things stand with what fired before.</summary>
    /// <param name="table">In a transaction.</param>
    /// <param name="view">How things stand.</param>
    /// <returns>What fires now and is to be told.</returns>
    public IReadOnlyList<Alert> Record(AlertTable table, BudgetView view)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var statuses = view.Budgets.ToLookup(status => status.Budget.Name, StringComparer.Ordinal);
        var open = table.FindOpen();
        ResolveBudgets(table, open, statuses, nowMs);

        // Most budgets are kept, and what was told of them does not matter. Of what rolls only what is not over matters.
        var since = view.Budgets.Where(status => !status.Budget.Period.IsRolling && BudgetAlerts.MayFire(status)).Select(status => status.Bounds.StartMs);
        var known = table.FindOfBudgets(since.DefaultIfEmpty(nowMs).Min()).ToLookup(alert => alert.Budget, StringComparer.Ordinal);
        var told = settings.Budgets
            .SelectMany(budget => RecordBudget(table, budget, statuses[budget.Name].Where(BudgetAlerts.MayFire), [.. known[budget.Name]], nowMs))
            .ToList();
        var runaways = (view.Runaways ?? []).Where(one => one.Episode.IsOpen && nowMs - one.Episode.LastMs < NewsMs).ToList();
        var knownRunaways = runaways.Count > 0 ? RunawayAlerts.FindKnown(table, runaways.Min(one => one.Episode.StartMs)) : [];
        foreach (var (episode, text) in runaways)
        {
            if (RunawayAlerts.IsNews(knownRunaways, episode))
            {
                told.AddRange(Add(table, new NewAlert(RunawayAlerts.Of(episode, text, nowMs), IsTold: true), settings.Runaway!.Notify));
            }
        }

        // The highest threshold comes first: the lower ones are no news then.
        foreach (var (alert, notify) in view.Quotas)
        {
            told.AddRange(QuotaAlerts.IsNews(table, alert) ? Add(table, new NewAlert(alert, IsTold: true), notify) : []);
        }

        ResolveOthers(table, open, view, nowMs);
        if (view.History is { } history)
        {
            table.Keep(history);
        }

        return told;
    }

    void ResolveBudgets(AlertTable table, IReadOnlyList<Alert> open, ILookup<string, BudgetStatus> statuses, long nowMs)
    {
        var budgets = settings.Budgets.ToDictionary(budget => budget.Name, StringComparer.Ordinal);
        foreach (var alert in open.Where(alert => alert.Kind is AlertKind.Budget or AlertKind.Forecast))
        {
            if (budgets.TryGetValue(alert.Budget, out var budget) && BudgetAlerts.IsOver(alert, [.. statuses[alert.Budget]], nowMs))
            {
                table.Resolve(alert.Id, destinations.WithResolutions(budget.Notify), nowMs);
            }
        }
    }

    static IEnumerable<Alert> RecordBudget(
        AlertTable table, BudgetSettings budget, IEnumerable<BudgetStatus> statuses, IReadOnlyList<Alert> known, long nowMs)
    {
        return statuses.SelectMany(status => BudgetAlerts.FindNew(status, known, nowMs)).SelectMany(alert => Add(
            table, alert, alert.Alert is { Kind: AlertKind.Budget, Threshold: >= 100 } && budget.DisabledJob is { } job
                ? [.. budget.Notify, DisableJobAction.NameOf(job)]
                : budget.Notify));
    }

    static IReadOnlyList<Alert> Add(AlertTable table, NewAlert alert, IReadOnlyList<string> notify) =>
        table.Add(alert.Alert, alert.IsTold ? notify : []) is { } id && alert.IsTold ? [alert.Alert with { Id = id }] : [];

    /// <summary>Resolves what is over and no budget's, and what the file does not name any more.</summary>
    void ResolveOthers(AlertTable table, IReadOnlyList<Alert> open, BudgetView view, long nowMs)
    {
        foreach (var alert in open)
        {
            var notify = alert.Kind switch
            {
                AlertKind.Runaway when settings.Runaway is null => [],
                AlertKind.Runaway when view.Runaways is { } runaways && !RunawayAlerts.IsOpen(alert, runaways.Select(runaway => runaway.Episode)) =>
                    settings.Runaway.Notify,
                AlertKind.Quota when alert.PeriodEndMs <= nowMs => settings.Quotas.SelectMany(quota => quota.Notify).Distinct(),
                AlertKind.Budget or AlertKind.Forecast when settings.Budgets.All(budget => budget.Name != alert.Budget) => [],
                _ => null,
            };
            if (notify is not null)
            {
                table.Resolve(alert.Id, destinations.WithResolutions(notify), nowMs);
            }
        }
    }
}
