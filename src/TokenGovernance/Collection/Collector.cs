using System.Collections.Concurrent;
using TokenGovernance.Domain;
using TokenGovernance.Sources;
using TokenGovernance.Storage;

namespace TokenGovernance.Collection;

/// <summary>Moves what is new from every source into the store: one pass at a time, readers in parallel, one writer.</summary>
/// <remarks>
///     Sources trust that what they returned was stored. When a pass throws, the collector is therefore of no further use: a new
///     one goes on from the checkpoints that the store really has.
/// </remarks>
sealed class Collector
{
    const int MaxEventsPerTransaction = 2_000;
    const int MaxWaitingBatches = 8;
    const int MaxEvidencePerTransaction = 256;

    readonly UsageStore _store;
    readonly IReadOnlyList<IUsageSource> _sources;
    readonly TimeProvider _time;

    /// <param name="store">Where everything goes.</param>
    /// <param name="open">Makes the sources, given the checkpoints of earlier runs.</param>
    /// <param name="rescan">Reads everything again, as if nothing had been read yet.</param>
    /// <param name="time">The clock.</param>
    public Collector(UsageStore store, Func<StoredCheckpoints, IReadOnlyList<IUsageSource>> open, bool rescan, TimeProvider time)
    {
        _store = store;
        _time = time;
        _sources = open(new StoredCheckpoints(rescan ? new Dictionary<string, string>() : store.ReadCheckpoints()));
    }

    /// <summary>Visits every source once.</summary>
    /// <param name="maxRunBytes">How many bytes of evidence about runs may be read; the rest waits for the next pass.</param>
    /// <param name="progress">Is told how far the pass has come.</param>
    /// <param name="stop">Ends the pass in order, between two batches.</param>
    public PassResult RunPass(long maxRunBytes, Action<PassProgress>? progress, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        var report = new PassReport();
        var guard = new SourceGuard(report);
        var pass = new Tally(_store, progress);

        var news = guard.Poll(_sources);
        pass.Store(news.Sessions);
        pass.Sources = news.Readers.Count;
        if (news.Readers.Count == 1)
        {
            foreach (var batch in Read(news.Readers[0], guard, stop))
            {
                pass.Store([batch]);
            }

            pass.FinishSource(stop);
        }
        else if (news.Readers.Count > 1)
        {
            ReadParallel(news.Readers, pass, guard, stop);
        }

        ReadEvidence(news.Evidence, new ByteBudget(maxRunBytes), pass, guard, report, stop);

        return pass.ToResult(report, _time.GetElapsedTime(started));
    }

    static IEnumerable<Batch> Read(IEventReader reader, SourceGuard guard, CancellationToken stop) =>
        guard.Read(reader.Name, "reading", () => reader.Read(stop));

    static void ReadEvidence(
        List<IEvidenceReader> readers, ByteBudget budget, Tally pass, SourceGuard guard, PassReport report, CancellationToken stop)
    {
        var batches = readers
            .TakeWhile(_ => !stop.IsCancellationRequested)
            .SelectMany(reader => guard.Read(reader.Name, "reading the runs of", () => reader.Read(budget, report)));
        foreach (var some in batches.Chunk(MaxEvidencePerTransaction))
        {
            pass.Store(some);
        }
    }

    static void ReadParallel(List<IEventReader> readers, Tally pass, SourceGuard guard, CancellationToken stop)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var waiting = new BlockingCollection<Batch>(MaxWaitingBatches);
        var next = -1;

        void Work()
        {
            while (!failed.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < readers.Count)
            {
                foreach (var batch in Read(readers[index], guard, failed.Token))
                {
                    waiting.Add(batch, CancellationToken.None);
                }

                pass.FinishSource(failed.Token);
            }
        }

        var workers = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, readers.Count)).Select(_ => Task.Run(Work)).ToArray();
        var reading = Task.WhenAll(workers);
        _ = reading.ContinueWith(_ => waiting.CompleteAdding(), TaskScheduler.Default);
        try
        {
            foreach (var first in waiting.GetConsumingEnumerable(CancellationToken.None))
            {
                pass.Store(TakeMore(first, waiting));
            }
        }
        catch
        {
            // The store failed. End the readers before leaving: nobody takes their batches any more.
            failed.Cancel();
            foreach (var _ in waiting.GetConsumingEnumerable(CancellationToken.None))
            {
            }

            throw;
        }

        reading.GetAwaiter().GetResult();
    }

    /// <summary>Joins what has been read meanwhile into one transaction.</summary>
    static List<Batch> TakeMore(Batch first, BlockingCollection<Batch> waiting)
    {
        var batches = new List<Batch> { first };
        var events = first.Events.Count;
        while (events < MaxEventsPerTransaction && waiting.TryTake(out var batch))
        {
            batches.Add(batch);
            events += batch.Events.Count;
        }

        return batches;
    }

    /// <summary>Stores the batches of a pass and counts them.</summary>
    sealed class Tally(UsageStore store, Action<PassProgress>? progress)
    {
        const int MaxPlaces = 5;

        readonly AppendResult _stored = new();
        readonly List<string> _places = [];
        long _bytes;
        int _badLines, _sourcesDone;

        public int Sources { get; set; }

        /// <summary>Counts a source that was read to its end: one that was stopped on the way was not.</summary>
        public void FinishSource(CancellationToken stop) => Interlocked.Add(ref _sourcesDone, stop.IsCancellationRequested ? 0 : 1);

        public void Store(IEnumerable<Batch> batches)
        {
            var list = batches as IReadOnlyCollection<Batch> ?? [.. batches];
            if (list.Count == 0)
            {
                return;
            }

            _stored.Add(store.Append(list));
            foreach (var batch in list)
            {
                _bytes += batch.BytesRead;
                _badLines += batch.BadLines;
                if (batch.FirstBadLine is { } place && _places.Count < MaxPlaces)
                {
                    _places.Add(place);
                }
            }

            progress?.Invoke(new PassProgress(_sourcesDone, Sources, _bytes, _stored.Added + _stored.Known));
        }

        public PassResult ToResult(PassReport report, TimeSpan elapsed) => new()
        {
            Stored = _stored,
            Sources = Sources,
            SourcesRead = _sourcesDone,
            BytesRead = _bytes,
            BadLines = _badLines,
            BadLinePlaces = _places,
            Failures = report.Failures,
            Notes = report.Notes,
            MoreRuns = report.MoreRuns,
            Elapsed = elapsed,
        };
    }
}
