using TokenGovernance.Export;
using TokenGovernance.Storage;

namespace TokenGovernance.Retention;

/// <summary>Removes single responses of before a time; their sums stay.</summary>
/// <remarks>
///     First the time is closed: from then on nobody stores a response of it, so what the archive holds is all there will be. Then the archive
///     is written and read back, then responses go, some in one transaction. Whoever is killed in between goes on where he was.
/// </remarks>
/// <param name="store">The store.</param>
/// <param name="createdBy">Name and version of this program.</param>
/// <param name="pause">Waits between two transactions, so that a collector comes to its turn.</param>
sealed class RetentionRun(PruningStore store, string createdBy, Action<TimeSpan, CancellationToken> pause, TimeProvider time)
{
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>Does all of it.</summary>
    /// <param name="plan">What goes.</param>
    /// <param name="archive">Where it is written to before; NULL: nowhere.</param>
    /// <param name="stop">Ends it between two transactions.</param>
    /// <exception cref="Domain.UserFacingException">Something failed; what is not in the archive is still in the store.</exception>
    public RetentionResult Apply(RetentionPlan plan, string? archive, CancellationToken stop)
    {
        var archived = Prepare(plan, archive);
        var removed = 0L;
        for (var last = -1L; last != removed;)
        {
            // Again, as events may have come from one session into another meanwhile.
            last = removed;
            foreach (var step in store.FindSteps(plan.BeforeMs))
            {
                stop.ThrowIfCancellationRequested();
                var start = time.GetTimestamp();
                removed += store.Prune(step);
                Rest(start, stop);
            }
        }

        Finish(plan);

        return new RetentionResult(plan.FloorMs, removed, archived?.Folder, archived?.Files ?? [], archived?.Events ?? 0, RemoveSnapshots(plan.Snapshots, stop));
    }

    /// <summary>Closes the time, and writes the archive.</summary>
    public (string Folder, IReadOnlyList<string> Files, long Events)? Prepare(RetentionPlan plan, string? archive)
    {
        // What was begun with an archive is not ended without one.
        archive ??= plan.State.FloorMs >= plan.FloorMs && !plan.State.IsArchived && plan.Usage.Events > 0 ? plan.State.Archive : null;
        if (plan.State.FloorMs is null || plan.State.FloorMs < plan.FloorMs || (archive is not null && archive != plan.State.Archive))
        {
            store.Close(plan.FloorMs, archive);
        }

        store.CountForMetrics();
        var state = store.ReadState();
        if (archive is null || plan.Usage.Events == 0 || state.IsArchived)
        {
            return null;
        }

        var (files, events) = new EventArchive(archive, createdBy).Write(store.Read, plan.BeforeMs, state.ClosedMs ?? 0);
        store.NoteArchived();

        return (archive, files, events);
    }

    /// <summary>Ends it, when all steps are done.</summary>
    public void Finish(RetentionPlan plan)
    {
        while (store.PruneAccounts(plan.BeforeMs))
        {
        }

        store.NoteApplied();
    }

    /// <returns>How many went; NULL: none were to.</returns>
    long? RemoveSnapshots(SnapshotPlan? plan, CancellationToken stop)
    {
        if (plan is null)
        {
            return null;
        }

        var removed = 0L;
        foreach (var ids in plan.Surplus.Chunk(PruningStore.StepEvents))
        {
            stop.ThrowIfCancellationRequested();
            var start = time.GetTimestamp();
            removed += store.RemoveSnapshots(ids);
            Rest(start, stop);
        }

        return removed;
    }

    /// <summary>Leaves the store to others as long as it was kept from them.</summary>
    void Rest(long start, CancellationToken stop)
    {
        var taken = time.GetElapsedTime(start);
        pause(taken > ShortestPause ? taken : ShortestPause, stop);
    }
}

/// <summary>What a removal did.</summary>
/// <param name="FloorMs">From when on single responses are kept.</param>
/// <param name="Removed">How many went.</param>
/// <param name="Archive">Where they were written to; NULL: nowhere, or that was done before.</param>
/// <param name="Files">The files of the archive.</param>
/// <param name="Archived">How many responses are in them.</param>
/// <param name="RemovedSnapshots">How many quota readings went; NULL: none were to.</param>
sealed record RetentionResult(long FloorMs, long Removed, string? Archive, IReadOnlyList<string> Files, long Archived, long? RemovedSnapshots);
