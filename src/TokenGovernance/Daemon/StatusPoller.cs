using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Status;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Takes quota readings beside the passes: never two at once, and never more than a tenth of the time.</summary>
/// <remarks>
///     A reading waits for another program in the background and touches no store. The thread that runs the passes starts it, and
///     stores its result between two passes, so that the store keeps its one writer and nothing is locked while waiting.
/// </remarks>
/// <param name="plan">How often.</param>
/// <param name="readAsync">Takes the readings; may take minutes.</param>
/// <param name="log">Is told of what changed.</param>
/// <param name="time">The clock.</param>
sealed class StatusPoller(
    StatusPlan plan, Func<CancellationToken, Task<IReadOnlyList<StatusReading>>> readAsync, StatusLog log, TimeProvider time) : IAsyncDisposable
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

    /// <summary>Ends with the reading that is under way, or NULL if there is none.</summary>
    public Task? Reading => _running;

    /// <summary>To be called before each pass: starts a reading when it is time for one.</summary>
    public void BeforePass()
    {
        _passes++;
        if (_running is null && _waiting.Count == 0 && IsDue())
        {
            _passes = 0;
            _running = Task.Run(ReadAsync);
        }
    }

    /// <summary>To be called after each pass: stores a reading that came meanwhile.</summary>
    public void AfterPass(UsageStore store)
    {
        if (_running is { IsCompleted: true })
        {
            Finish(_running);
        }

        // Kept until it is stored: a full disk costs no reading.
        store.Append(_waiting, plan.KeepUnchanged);
        _waiting = [];
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

    void Finish(Task<Round> reading)
    {
        _running = null;
        _last = reading.GetAwaiter().GetResult();
        log.Tell(_last.Readings);
        _waiting = [.. _last.Readings.SelectMany(one => one.Snapshots)];
        _pause = _last.IsMissing ? _retry : _last.Took * PauseFactor;
        _retry = !_last.IsMissing ? FirstRetry : _retry * 2 < LastRetry ? _retry * 2 : LastRetry;
    }

    /// <summary>Readings that were taken together.</summary>
    /// <param name="EndedAt">Timestamp of the clock.</param>
    sealed record Round(IReadOnlyList<StatusReading> Readings, TimeSpan Took, long EndedAt)
    {
        public bool IsMissing => Readings is [{ IsMissing: true }];
    }
}
