using Microsoft.Data.Sqlite;
using TokenGovernance.Model;
using TokenGovernance.Storage;

namespace TokenGovernance.Collection;

/// <summary>Passes with pauses, until it is told to stop. What fails is told once and tried again.</summary>
sealed class Daemon(string storePath, Homes homes, TimeSpan interval, CollectLog log, TimeProvider time)
{
    /// <summary>How much of the trajectories one pass may read.</summary>
    const long MaxRunBytes = 32 * 1024 * 1024;

    static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <summary>Collects until <paramref name="stop" />; a pass that has begun ends in order.</summary>
    /// <param name="rescan">The first pass reads everything again.</param>
    /// <param name="progress">Is told how far the first pass has come.</param>
    /// <param name="stop">Ends the daemon.</param>
    public async Task RunAsync(bool rescan, Action<PassProgress>? progress, CancellationToken stop)
    {
        await WaitForHomeAsync(stop);
        var wasThere = false;

        while (!stop.IsCancellationRequested)
        {
            try
            {
                // A store that was there and is gone is trouble; a new one in its place would hide it.
                using var store = wasThere ? UsageStore.OpenExisting(storePath, time) : UsageStore.Open(storePath, time);
                wasThere = true;
                var collector = new Collector(store, checkpoints => homes.OpenSources(checkpoints, time), rescan, time);
                if (store.Adoption is { } adoption)
                {
                    log.Write(adoption.ToString());
                }

                await RunPassesAsync(collector, progress, stop);
            }
            catch (Exception e) when (e is UserFacingException or SqliteException or IOException)
            {
                // Nothing is lost: the next collector goes on from the checkpoints that the store really has.
                log.Trouble(e is UserFacingException ? e.Message : StoreFault.Describe(storePath, e));
                await PauseAsync(RetryPause, stop);
            }
        }
    }

    async Task RunPassesAsync(Collector collector, Action<PassProgress>? progress, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var pass = collector.RunPass(MaxRunBytes, progress, stop);
            progress = null;

            // Not before: a store that can be opened may still have no room.
            log.TroubleIsOver();
            log.Tell(pass with { Failures = [.. pass.Failures, .. homes.FindUnusable()] });
            await PauseAsync(interval, stop);
        }
    }

    async Task WaitForHomeAsync(CancellationToken stop)
    {
        while (!homes.AnyUsable && !stop.IsCancellationRequested)
        {
            log.TellFailures(homes.FindUnusable());
            await PauseAsync(interval, stop);
        }
    }

    async Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
