using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Serving.Metrics;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>How the budgets of a configuration stand, for gauges.</summary>
static class BudgetGauges
{
    public static Func<IReadOnlyList<BudgetGauge>> Of(Settings settings, string storePath, Func<PriceList>? prices)
    {
        if (settings.Budgets.Count == 0)
        {
            return () => [];
        }

        var watch = new BudgetWatch(settings, settings.Zone ?? TimeZones.Local, new LocalStore(storePath), TimeProvider.System, prices);
        var gate = new Lock();

        return () =>
        {
            lock (gate)
            {
                return [.. watch.Read(withRunaways: false).Budgets.Where(status => !status.IsBefore).Select(Gauge)];
            }
        };
    }

    static BudgetGauge Gauge(BudgetStatus status) => new(
        status.Budget.Name, status.Instance, Amount.NameOf(status.Budget.Limit.Unit), (double)status.Budget.Limit.Value, (double)status.Used,
        status.Forecast?.Middle, status.State is BudgetState.Over);
}
