using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Takes quota readings beside the passes: never two at once, and never more than a tenth of the time.</summary>
/// <remarks>A reading waits for another program in the background and touches no store; its snapshots are stored after a pass.</remarks>
/// <param name="plan">How often.</param>
/// <param name="readAsync">Takes the readings; may take minutes.</param>
/// <param name="log">Is told of what changed.</param>
/// <param name="time">The clock.</param>
sealed class QuotaTask(
    StatusPlan plan, Func<CancellationToken, Task<IReadOnlyList<StatusReading>>> readAsync, QuotaLog log, TimeProvider time)
    : IPassTask, IAsyncDisposable
{
    /// <summary>OpenClaw needs seconds of CPU for an answer; the machine is not ours.</summary>
    const int PauseFactor = 10;

    static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LastRetry = TimeSpan.FromHours(1);

    readonly CancellationTokenSource _end = new();
    Task<Round>? _running;
    IReadOnlyCollection<QuotaSnapshot> _waiting = [];
    long _passes;
    Round? _last;
    TimeSpan _pause, _retry = FirstRetry;

    public string Name => "storing quota snapshots";

    /// <summary>Ends with the reading that is under way, or NULL if there is none.</summary>
    public Task? Reading => _running;

    /// <summary>Snapshots that were stored; NULL as long as there was no program to ask.</summary>
    public int? Stored { get; private set; }

    /// <summary>Starts a reading when it is time for one.</summary>
    public void BeforePass()
    {
        _passes++;
        if (_running is null && _waiting.Count == 0 && IsDue())
        {
            _passes = 0;
            _running = Task.Run(ReadAsync);
        }
    }

    /// <summary>Stores a reading that came meanwhile.</summary>
    public void AfterPass(PassDone pass)
    {
        if (!pass.IsLast)
        {
            Store(pass.Store);
        }
    }

    public async Task FinishAsync(UsageStore store, CancellationToken stop)
    {
        await (_running ?? Task.CompletedTask).WaitAsync(stop);
        Store(store);
    }

    /// <summary>Ends a reading that is under way, and with it the program that was asked.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await (_running ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    bool IsDue()
    {
        if (_last is null)
        {
            return true;
        }

        var isPauseOver = time.GetElapsedTime(_last.EndedAt) >= _pause;
        if (_last.IsMissing)
        {
            return isPauseOver;
        }

        var isAskedFor = _passes >= plan.EveryPasses;
        if (isAskedFor && !isPauseOver)
        {
            log.TellPause(_last.Took);
        }

        return isAskedFor && isPauseOver;
    }

    async Task<Round> ReadAsync()
    {
        var started = time.GetTimestamp();
        var readings = await readAsync(_end.Token);
        var ended = time.GetTimestamp();

        return new Round(readings, time.GetElapsedTime(started, ended), ended);
    }

    void Store(UsageStore store)
    {
        if (_running is { IsCompleted: true } done)
        {
            _running = null;
            Take(done.GetAwaiter().GetResult());
        }

        // Kept until it is stored: a full disk costs no reading.
        var stored = store.Append(_waiting, plan.KeepUnchanged);
        _waiting = [];
        if (_last is { IsMissing: false })
        {
            Stored = (Stored ?? 0) + stored;
        }
    }

    void Take(Round round)
    {
        _last = round;
        log.Tell(round.Readings);
        _waiting = [.. round.Readings.SelectMany(one => one.Snapshots)];
        _pause = round.IsMissing ? _retry : round.Took * PauseFactor;
        _retry = !round.IsMissing ? FirstRetry : _retry * 2 < LastRetry ? _retry * 2 : LastRetry;
    }

    /// <summary>Readings that were taken together.</summary>
    /// <param name="EndedAt">Timestamp of the clock.</param>
    sealed record Round(IReadOnlyList<StatusReading> Readings, TimeSpan Took, long EndedAt)
    {
        public bool IsMissing => Readings is [{ IsMissing: true }];
    }
}
