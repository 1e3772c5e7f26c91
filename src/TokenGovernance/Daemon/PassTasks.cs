using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Runs the tasks around each pass, so that one that fails harms nobody else.</summary>
sealed class PassTasks(IEnumerable<IPassTask> tasks, CollectLog log, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>No task keeps the daemon from resting at all.</summary>
    static readonly TimeSpan Least = TimeSpan.FromMilliseconds(10);

    readonly List<Entry> _entries = [.. tasks.Select(task => new Entry(task))];

    /// <summary>True while a task does not work.</summary>
    public bool AnyFailed => _entries.Exists(entry => entry.Failure is not null);

    public void BeforePass() => Run(_entries, task => task.BeforePass(), isLast: false);

    public void AfterPass(PassDone pass) => Run(_entries, task => task.AfterPass(pass), isLast: true);

    /// <summary>Waits, but no longer than a task can do without a call; then calls those that wanted it.</summary>
    /// <param name="store">Where they store.</param>
    /// <param name="pause">How long.</param>
    /// <param name="until">Ends it too.</param>
    /// <param name="stop">Ends it at once, and nobody is called.</param>
    /// <returns>How long it waited.</returns>
    public async Task<TimeSpan> WaitAsync(UsageStore store, TimeSpan pause, Task? until, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var waits = _entries.Where(MayRun).Select(entry => (Entry: entry, entry.Task.Running, Patience: entry.Task.Rest))
            .Where(wait => wait.Running is not null || wait.Patience is not null).ToList();
        var rest = waits.Select(wait => wait.Patience ?? pause).Append(pause).Min();
        await WaitAsync(rest > Least ? rest : Least, [.. waits.Select(wait => wait.Running).Append(until).OfType<Task>()], stop);
        var waited = time.GetElapsedTime(start);
        if (!stop.IsCancellationRequested)
        {
            Run(
                waits.Where(wait => wait.Running is { IsCompleted: true } || wait.Patience <= waited).Select(wait => wait.Entry),
                task => task.BetweenPasses(store), isLast: true);
        }

        return waited;
    }

    /// <summary>Waits, at the end of a one-shot, for what is under way.</summary>
    public async Task FinishAsync(UsageStore store, CancellationToken stop)
    {
        foreach (var entry in _entries)
        {
            try
            {
                await entry.Task.FinishAsync(store, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (IsHarmless(e))
            {
                Fail(entry, e);
            }
        }
    }

    /// <summary>Waits, at the end of a daemon, for seconds at most.</summary>
    public async Task EndAsync(UsageStore store)
    {
        foreach (var entry in _entries.Where(MayRun))
        {
            try
            {
                await entry.Task.EndAsync(store);
            }
            catch (Exception e) when (IsHarmless(e))
            {
                Fail(entry, e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var task in _entries.Select(entry => entry.Task).OfType<IAsyncDisposable>())
        {
            await task.DisposeAsync();
        }
    }

    async Task WaitAsync(TimeSpan pause, IReadOnlyList<Task> running, CancellationToken stop)
    {
        if (running.Count == 0)
        {
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny([Task.Delay(pause, time, end.Token), .. running]);
        await end.CancelAsync();
    }

    /// <summary>A task that failed is left alone for a while.</summary>
    bool MayRun(Entry entry) => entry.Failure is null || time.GetElapsedTime(entry.FailedAt) >= entry.Pause;

    void Run(IEnumerable<Entry> entries, Action<IPassTask> step, bool isLast)
    {
        foreach (var entry in entries.Where(MayRun))
        {
            try
            {
                step(entry.Task);
                if (isLast && entry.Failure is not null)
                {
                    entry.Failure = null;
                    log.TaskWorks(entry.Task.Name);
                }
            }
            catch (Exception e) when (IsHarmless(e))
            {
                Fail(entry, e);
            }
        }
    }

    void Fail(Entry entry, Exception e)
    {
        var text = e is UserFacingException or IOException or UnauthorizedAccessException
            ? e.Message
            : $"internal error ({e.GetType().Name}: {e.Message})";
        if (entry.Failure != text)
        {
            log.TaskFailed(entry.Task.Name, text);
        }

        entry.Pause = entry.Failure is null ? FirstPause : entry.Pause * 2 < LongestPause ? entry.Pause * 2 : LongestPause;
        (entry.Failure, entry.FailedAt) = (text, time.GetTimestamp());
    }

    static bool IsHarmless(Exception e) => e is not OutOfMemoryException;

    sealed class Entry(IPassTask task)
    {
        public IPassTask Task { get; } = task;

        /// <summary>Why it does not work, or NULL.</summary>
        public string? Failure { get; set; }

        /// <summary>When it failed last, by the clock's timestamps, and how long it is left alone since.</summary>
        public long FailedAt { get; set; }

        public TimeSpan Pause { get; set; }
    }
}
