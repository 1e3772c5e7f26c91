using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Collects what is there and ends.</summary>
static class OneShot
{
    const long AllRuns = long.MaxValue;

    public static PassResult Run(CollectPlan plan, Action<UpgradeProgress>? upgrading, Action<PassProgress>? progress, CancellationToken stop)
    {
        var time = TimeProvider.System;
        using var store = UsageStore.Open(plan.StorePath, time, upgrading: upgrading);
        var collector = new Collector(store, checkpoints => plan.Homes.OpenSources(checkpoints, time), plan.Rescan, time);
        var pass = collector.RunPass(AllRuns, progress, stop);
        store.NoteLastPass();

        return pass with { Adoption = store.Adoption };
    }

    /// <summary>Takes a quota reading and stores it; a failed one is told.</summary>
    /// <returns>How many snapshots were stored; NULL if none could be taken.</returns>
    public static async Task<int?> TakeSnapshotAsync(CollectPlan plan, CollectLog log, CancellationToken stop)
    {
        if (plan.Status is not { } status)
        {
            return null;
        }

        var time = TimeProvider.System;
        try
        {
            var readings = await new StatusRound(status, plan.Homes, time).ReadAsync(stop);
            new StatusLog(log).TellFailures(readings);
            if (readings.All(reading => reading.IsMissing))
            {
                return null;
            }

            using var store = UsageStore.Open(plan.StorePath, time);

            return store.Append([.. readings.SelectMany(reading => reading.Snapshots)], status.KeepUnchanged);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
