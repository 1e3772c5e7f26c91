using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Passes with pauses, until it is told to stop. What fails is told once and tried again.</summary>
/// <param name="plan">What to collect.</param>
/// <param name="daemonLock">The lock of the store; taken anew if its file goes.</param>
/// <param name="tasks">What is done around each pass.</param>
/// <param name="log">Is told of what happens.</param>
/// <param name="time">The clock.</param>
sealed class DaemonLoop(CollectPlan plan, DaemonLock daemonLock, PassTasks tasks, CollectLog log, TimeProvider time)
{
    /// <summary>How much of the trajectories one pass may read.</summary>
    const long MaxRunBytes = 32 * 1024 * 1024;

    static readonly TimeSpan LongPass = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    readonly ServiceNotifier _service = new();
    readonly MemoryTrim _memory = new(time);
    readonly string _folder = StoreFile.FolderOf(plan.StorePath);
    FileWatch _folderWatch = new(StoreFile.FolderOf(plan.StorePath));
    string? _noticeLimit;
    bool _isFirst = true, _mayFill = true, _rescan = plan.Rescan;

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
                RequireStoreOrItsFolder();
                daemonLock.Renew();
                using var store = UsageStore.OpenInFolder(plan.StorePath, time, _mayFill, TellUpgrade);
                _folderWatch = new FileWatch(_folder);
                if (store.Adoption is { } adoption)
                {
                    log.Write(adoption.ToString());
                }

                await RunPassesAsync(store, progress, stop);
            }
            catch (StoreExistsException)
            {
                // Another process made the store meanwhile: what it has not is collected into that one.
            }
            catch (Exception e) when (e is UserFacingException or IOException or UnauthorizedAccessException)
            {
                // Nothing is lost: the next collector goes on from the checkpoints that the store really has. A store that could not be
                // filled in one go, on a disk that is full, is filled step by step: so each attempt has only the rest to do.
                _mayFill = false;
                log.Trouble(e.Message);
                await PauseAsync(RetryPause, stop);
            }
        }
    }

    /// <summary>Refuses to begin a new store in a folder that is gone or another one: its disk may only be unmounted.</summary>
    void RequireStoreOrItsFolder()
    {
        if (!_folderWatch.IsSame && new FileWatch(plan.StorePath).IsMissing)
        {
            throw new UserFacingException(
                $"{plan.StorePath} and its folder are gone; perhaps its disk is not mounted. Waiting until the store is back. To begin a new one, run 'token-governance init --db {plan.StorePath}'.");
        }
    }

    /// <summary>Makes passes for as long as the store is the file that was opened, and the lock is ours.</summary>
    async Task RunPassesAsync(UsageStore store, Action<PassProgress>? progress, CancellationToken stop)
    {
        var collector = plan.Homes.OpenCollector(store, _rescan, time);
        var file = store.IsFilling ? null : new FileWatch(plan.StorePath);
        store.Appeared = () => file = new FileWatch(plan.StorePath);
        var pace = new PassPace(plan.Interval, plan.Homes, time);
        while (!stop.IsCancellationRequested)
        {
            if (file is { IsSame: false })
            {
                log.Warn($"{plan.StorePath} was {(file.IsMissing ? "deleted" : "replaced")} while the daemon ran{(_folderWatch.IsSame ? "; opening it anew" : ", and its folder too")}");
                store.EmptyLog();

                return;
            }

            if (!daemonLock.IsHeld)
            {
                log.Warn($"{DaemonLock.PathOf(plan.StorePath)} was removed while the daemon ran; taking it anew");

                return;
            }

            var isAskedFor = pace.Begin();
            if (isAskedFor)
            {
                tasks.BeforePass();
            }

            var pass = collector.RunPass(MaxRunBytes, TellAlive + progress, stop);
            store.EndFill();
            _memory.AfterPass(store, wasLong: _isFirst || pass.Elapsed > LongPass);
            progress = null;
            (_rescan, _isFirst) = (false, false);
            log.TroubleIsOver();
            log.Tell(pass with { Failures = [.. pass.Failures, .. plan.Homes.FindUnusable()] });
            tasks.AfterPass(new PassDone(store, pass, IsLast: false));
            TellNoticeLimit();
            pace.End(pass, isAskedFor);
            await WaitForPassAsync(store, pace, stop);
        }

        await tasks.EndAsync(store);
    }

    /// <summary>Waits until the interval is over or the system tells of a change; tasks are called meanwhile.</summary>
    async Task WaitForPassAsync(UsageStore store, PassPace pace, CancellationToken stop)
    {
        await PauseAsync(pace.Pause, part => tasks.WaitAsync(store, part, until: null, stop), until: null, stop);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var told = plan.Homes.WaitForNoticeAsync(pace.Rest, end.Token);
        await PauseAsync(pace.Rest, part => tasks.WaitAsync(store, part, told, stop), told, stop);
        await end.CancelAsync();
        if (await told)
        {
            // One change is mostly several writes: a page and another one, a transcript and the index.
            await PauseAsync(PassPace.Settling, part => tasks.WaitAsync(store, part, until: null, stop), until: null, stop);
        }
    }

    void TellNoticeLimit()
    {
        if (plan.Homes.NoticeLimit is { } limit && limit != _noticeLimit)
        {
            log.Warn($"{limit}: what is not watched is looked at in every pass");
            _noticeLimit = limit;
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
    /// <param name="pause">How long.</param>
    /// <param name="waitAsync">Waits for some time or less, and says for how long.</param>
    /// <param name="until">Ends it too.</param>
    /// <param name="stop">Ends it at once.</param>
    async Task PauseAsync(TimeSpan pause, Func<TimeSpan, Task<TimeSpan>> waitAsync, Task? until, CancellationToken stop)
    {
        while (pause > TimeSpan.Zero && until?.IsCompleted != true && !stop.IsCancellationRequested)
        {
            _service.Alive();
            pause -= await waitAsync(pause < _service.AliveEvery ? pause : _service.AliveEvery);
        }
    }

    /// <summary>Waits while there is no store.</summary>
    Task PauseAsync(TimeSpan pause, CancellationToken stop) => PauseAsync(
        pause,
        async part =>
        {
            await Task.Delay(part, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            return part;
        },
        until: null,
        stop);

    /// <summary>A first pass over a large home may take longer than systemd's patience.</summary>
    void TellAlive(PassProgress progress) => _service.Alive();

    void TellUpgrade(UpgradeProgress upgrade)
    {
        _service.Alive();
        log.Tell(upgrade);
    }
}
