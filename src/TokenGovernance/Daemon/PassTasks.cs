using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Runs the tasks around each pass, so that one that fails harms nobody else.</summary>
sealed class PassTasks(IEnumerable<IPassTask> tasks, CollectLog log, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    readonly List<Entry> _entries = [.. tasks.Select(task => new Entry(task))];

    /// <summary>True while a task does not work.</summary>
    public bool AnyFailed => _entries.Exists(entry => entry.Failure is not null);

    public void BeforePass() => Run(task => task.BeforePass(), isLast: false);

    public void AfterPass(PassDone pass) => Run(task => task.AfterPass(pass), isLast: true);

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

    public async ValueTask DisposeAsync()
    {
        foreach (var task in _entries.Select(entry => entry.Task).OfType<IAsyncDisposable>())
        {
            await task.DisposeAsync();
        }
    }

    void Run(Action<IPassTask> step, bool isLast)
    {
        foreach (var entry in _entries.Where(entry => entry.Failure is null || time.GetElapsedTime(entry.FailedAt) >= entry.Pause))
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
