using TokenGovernance.Collection;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Something that is done around each pass: quota snapshots, whatever follows from what was stored.</summary>
/// <remarks>
///     Tasks run on the thread of the passes, which is the store's one writer, so none may wait there: what waits for a program or a
///     network is started in the background, and its result stored after a later pass. A task that throws is told once and tried
///     again after a pause that grows; neither the passes nor the other tasks notice.
/// </remarks>
interface IPassTask
{
    /// <summary>What does not work while it throws, such as "storing quota snapshots".</summary>
    string Name { get; }

    /// <summary>Before a pass that the interval asks for; not before one that a change brings forward.</summary>
    void BeforePass()
    {
    }

    /// <summary>After a pass that went to its end.</summary>
    void AfterPass(PassDone pass);

    /// <summary>What is under way in the background: when it ends, the task is called though no pass is due. NULL: nothing is.</summary>
    Task? Running => null;

    /// <summary>How long from now on the task can do without a call; NULL: until the next pass, whenever that is.</summary>
    TimeSpan? Rest => null;

    /// <summary>Between two passes, when <see cref="Running" /> has ended or <see cref="Rest" /> is over.</summary>
    void BetweenPasses(UsageStore store)
    {
    }

    /// <summary>At the end of a one-shot: waits for what is under way, and stores it.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop" /> was requested.</exception>
    Task FinishAsync(UsageStore store, CancellationToken stop) => Task.CompletedTask;

    /// <summary>At the end of a daemon: waits for seconds at most for what is under way, and stores what has come of it.</summary>
    Task EndAsync(UsageStore store) => Task.CompletedTask;
}

/// <summary>A pass that is over, for what follows from it.</summary>
/// <param name="Store">Where it stored.</param>
/// <param name="Result">What it found and changed.</param>
/// <param name="IsLast">No other follows: the one-shot's.</param>
sealed record PassDone(UsageStore Store, PassResult Result, bool IsLast)
{
    /// <summary>Events were added or became better attributed.</summary>
    public bool ChangedEvents => Result.Stored.Added > 0 || Result.Stored.Enriched > 0;
}
