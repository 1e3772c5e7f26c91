using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Collects what is there and ends: one pass, with the same tasks around it as the daemon's.</summary>
static class OneShot
{
    const long AllRuns = long.MaxValue;

    /// <param name="plan">What to collect.</param>
    /// <param name="tasks">What is done around the pass; what it started is awaited.</param>
    /// <param name="done">Is told as soon as the pass is over, for a task may take a minute.</param>
    /// <param name="upgrading">Is told of an upgrade of the store while it lasts.</param>
    /// <param name="progress">Is told how far the pass has come.</param>
    /// <param name="stop">Ends the pass in order, between two batches; what is stored stays.</param>
    public static async Task<PassResult> RunAsync(
        CollectPlan plan, PassTasks tasks, Action<UsageStore, PassResult>? done, Action<UpgradeProgress>? upgrading,
        Action<PassProgress>? progress, CancellationToken stop)
    {
        var (opened, pass) = Collect(plan, tasks.BeforePass, upgrading, progress, stop);
        using var store = opened;
        done?.Invoke(store, pass);
        if (!stop.IsCancellationRequested)
        {
            tasks.AfterPass(new PassDone(store, pass, IsLast: true));
            await tasks.FinishAsync(store, stop);
        }

        return pass;
    }

    /// <summary>Makes the pass. All that it says to have stored is in the store then, also if the store did not exist.</summary>
    static (UsageStore Store, PassResult Pass) Collect(
        CollectPlan plan, Action begin, Action<UpgradeProgress>? upgrading, Action<PassProgress>? progress, CancellationToken stop)
    {
        var store = UsageStore.OpenOrFill(plan.StorePath, TimeProvider.System, upgrading);
        try
        {
            begin();
            try
            {
                return (store, Pass(store));
            }
            catch (StoreExistsException)
            {
                // What another process has stored meanwhile is known then; the rest is added to it.
                store.Dispose();
                store = UsageStore.Open(plan.StorePath, TimeProvider.System, upgrading: upgrading);

                return (store, Pass(store));
            }
        }
        catch
        {
            store.Dispose();

            throw;
        }

        PassResult Pass(UsageStore to)
        {
            var pass = plan.Homes.OpenCollector(to, plan.Rescan, TimeProvider.System).RunPass(AllRuns, progress, stop);
            to.EndFill();

            return pass;
        }
    }
}
