using Microsoft.Data.Sqlite;
using TokenGovernance.Model;
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
        try
        {
            var collector = new Collector(store, checkpoints => homes.OpenSources(checkpoints, time), rescan, time);

            return collector.RunPass(AllRuns, progress, stop) with { Adoption = store.Adoption };
        }
        catch (SqliteException e)
        {
            throw new UserFacingException(StoreFault.Describe(storePath, e), e);
        }
    }
}
