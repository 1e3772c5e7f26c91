using TokenGovernance.Storage;

namespace TokenGovernance.Collection;

/// <summary>Collects what is there and ends.</summary>
static class OneShot
{
    const long AllRuns = long.MaxValue;

    public static PassResult Run(string storePath, Homes homes, bool rescan, Action<PassProgress>? progress, CancellationToken stop)
    {
        var time = TimeProvider.System;
        using var store = UsageStore.Open(storePath, time);

        return new Collector(store, checkpoints => homes.OpenSources(checkpoints, time), rescan, time).RunPass(AllRuns, progress, stop);
    }

    /// <summary>Takes a quota reading and stores it; a failed one is told.</summary>
    /// <returns>How many snapshots were stored; NULL if none could be taken.</returns>
    public static async Task<int?> TakeSnapshotAsync(
        string storePath, Homes homes, StatusPlan plan, CollectLog log, CancellationToken stop)
    {
        var time = TimeProvider.System;
        try
        {
            var readings = await new StatusRound(plan, homes, time).ReadAsync(stop);
            new StatusLog(log).TellFailures(readings);
            if (readings.All(reading => reading.IsMissing))
            {
                return null;
            }

            using var store = UsageStore.Open(storePath, time);

            return store.Append([.. readings.SelectMany(reading => reading.Snapshots)], plan.KeepUnchanged);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
