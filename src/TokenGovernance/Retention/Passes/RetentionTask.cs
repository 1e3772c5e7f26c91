using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Text;

namespace TokenGovernance.Retention.Passes;

/// <summary>Removes single responses once a day, at night, for as long as the store says that they are to be kept.</summary>
/// <remarks>In the background, as another process would: a pass waits for one transaction at most.</remarks>
/// <param name="askFleet">Asks how far the fleet is; NULL: there is none.</param>
/// <param name="createdBy">Name and version of this program.</param>
/// <param name="log">Is told of it.</param>
/// <param name="time">The clock.</param>
sealed class RetentionTask(Func<CancellationToken, Task<FleetProgress>>? askFleet, string createdBy, CollectLog log, TimeProvider time) : IPassTask, IAsyncDisposable
{
    /// <summary>How often it looks whether something is to be done: once in so many passes would depend on their pace.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    /// <summary>One night to the next, however long a removal takes.</summary>
    static readonly TimeSpan LeastPause = TimeSpan.FromHours(20);

    /// <summary>A machine that sleeps at night does it by day.</summary>
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(36);

    const int NightBegins = 1, NightEnds = 5;

    readonly CancellationTokenSource _end = new();
    Task<string?>? _running;
    string? _failure;
    long? _lookedAt;

    public string Name => "removing old responses";

    public Task? Running => _running;

    public void AfterPass(PassDone pass) => Go(pass.Store);

    public void BetweenPasses(UsageStore store) => Go(store);

    /// <summary>Ends what is under way, between two transactions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_running is not null)
        {
            await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
    }

    /// <summary>True if it is time: after a night's pause at night, after a longer one at any time.</summary>
    /// <param name="state">How the store stands.</param>
    /// <param name="now">The local time.</param>
    public static bool IsDue(RetentionState state, DateTimeOffset now)
    {
        if (state.Keep is null)
        {
            return false;
        }

        if (state.AppliedMs is not { } applied)
        {
            return true;
        }

        var pause = now - DateTimeOffset.FromUnixTimeMilliseconds(applied);

        return pause >= LongestPause || (pause >= LeastPause && now.Hour is >= NightBegins and < NightEnds);
    }

    void Go(UsageStore store)
    {
        TakeResult();
        if (_running is not null || (_lookedAt is { } at && time.GetElapsedTime(at) < LookEvery))
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        var state = store.Read(reader => reader.ReadRetention());
        if (IsDue(state, time.GetLocalNow()) && KeepTime.Parse(state.Keep!) is { } keep)
        {
            _running = Task.Run(() => ApplyAsync(store.Path, keep, state.KeepArchive), _end.Token);
        }
    }

    /// <returns>What to say of it; NULL: nothing.</returns>
    async Task<string?> ApplyAsync(string path, KeepTime keep, string? archive)
    {
        var fleet = askFleet is null ? null : await askFleet(_end.Token);
        using var store = PruningStore.Open(path, time, BusyTimeout);
        var plan = store.Read(reader => RetentionPlan.Read(reader, keep, time.GetUtcNow(), fleet));
        if (plan.IsMuch)
        {
            throw new UserFacingException(
                $"{NumberFormat.Count(plan.Usage.Events)} of {NumberFormat.Count(plan.Stored, "response")} would go, more than half: is the clock right? If so, run 'token-governance retention apply --keep {keep} --yes' once.");
        }

        var result = new RetentionRun(store, createdBy, (pause, stop) => stop.WaitHandle.WaitOne(pause), time).Apply(plan, archive, _end.Token);

        return result.Removed == 0
            ? null
            : $"removed {NumberFormat.Count(result.Removed, "response")} of before {UtcTime.FormatDay(result.FloorMs)} (UTC); their sums stay";
    }

    void TakeResult()
    {
        if (_running is not { IsCompleted: true } done)
        {
            return;
        }

        _running = null;
        try
        {
            if (done.GetAwaiter().GetResult() is { } text)
            {
                log.Write(text);
            }

            _failure = null;
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Tried again at the next look; said once.
            if (_failure != e.Message)
            {
                _failure = e.Message;
                log.Warn($"old responses are not removed, and it is tried again: {e.Message}");
            }
        }
    }
}
