using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Passes with pauses, until it is told to stop. What fails is told once and tried again.</summary>
/// <param name="plan">What to collect.</param>
/// <param name="status">Takes quota readings beside the passes; NULL takes none.</param>
/// <param name="log">Is told of what happens.</param>
/// <param name="time">The clock.</param>
sealed class DaemonLoop(CollectPlan plan, StatusPoller? status, CollectLog log, TimeProvider time)
{
    /// <summary>How much of the trajectories one pass may read.</summary>
    const long MaxRunBytes = 32 * 1024 * 1024;

    static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <summary>How often a pass is noted in the store even if it found nothing.</summary>
    static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    readonly ServiceNotifier _service = new();
    bool _rescan = plan.Rescan;

    /// <summary>Collects until <paramref name="stop" />; a pass that has begun ends in order.</summary>
    /// <param name="progress">Is told how far the first pass has come.</param>
    /// <param name="stop">Ends the daemon.</param>
    public async Task RunAsync(Action<PassProgress>? progress, CancellationToken stop)
    {
        _service.Ready();
        using var stopping = stop.Register(_service.Stopping);
        await WaitForHomeAsync(stop);

        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var store = UsageStore.Open(plan.StorePath, time, UsageStore.DaemonBusyTimeout, TellUpgrade);
                if (store.Adoption is { } adoption)
                {
                    log.Write(adoption.ToString());
                }

                await RunPassesAsync(store, progress, stop);
            }
            catch (Exception e) when (e is UserFacingException or IOException or UnauthorizedAccessException)
            {
                // Nothing is lost: the next collector goes on from the checkpoints that the store really has.
                log.Trouble(e.Message);
                await PauseAsync(RetryPause, stop);
            }
        }
    }

    /// <summary>Makes passes for as long as the store is the file that was opened.</summary>
    async Task RunPassesAsync(UsageStore store, Action<PassProgress>? progress, CancellationToken stop)
    {
        var collector = new Collector(store, checkpoints => plan.Homes.OpenSources(checkpoints, time), _rescan, time);
        var file = FileStat.Of(plan.StorePath).FileId;
        long? noted = null;
        while (!stop.IsCancellationRequested)
        {
            if (FileStat.Of(plan.StorePath) is var now && (now.Kind is FileKind.Missing || now.FileId != file))
            {
                log.Warn($"{plan.StorePath} was {(now.Kind is FileKind.Missing ? "deleted" : "replaced")} while the daemon ran; opening it anew");
                store.EmptyLog();

                return;
            }

            status?.BeforePass();
            var pass = collector.RunPass(MaxRunBytes, TellAlive + progress, stop);
            progress = null;
            _rescan = false;
            log.TroubleIsOver();
            log.Tell(pass with { Failures = [.. pass.Failures, .. plan.Homes.FindUnusable()] });
            status?.AfterPass(store);
            if (noted is not { } last || time.GetElapsedTime(last) >= NoteEvery)
            {
                store.NoteLastPass();
                noted = time.GetTimestamp();
            }

            await PauseAsync(plan.Interval, stop);
        }
    }

    async Task WaitForHomeAsync(CancellationToken stop)
    {
        while (!plan.Homes.AnyUsable && !stop.IsCancellationRequested)
        {
            log.TellFailures(plan.Homes.FindUnusable());
            await PauseAsync(plan.Interval, stop);
        }
    }

    /// <summary>Waits; says that the daemon is alive first, and again where the wait is longer than systemd's patience.</summary>
    async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        while (pause > TimeSpan.Zero && !stop.IsCancellationRequested)
        {
            _service.Alive();
            var part = pause < _service.AliveEvery ? pause : _service.AliveEvery;
            await Task.Delay(part, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause -= part;
        }
    }

    /// <summary>A first pass over a large home may take longer than systemd's patience.</summary>
    void TellAlive(PassProgress progress) => _service.Alive();

    void TellUpgrade(UpgradeProgress upgrade)
    {
        _service.Alive();
        log.Tell(upgrade);
    }
}
