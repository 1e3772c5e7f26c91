using TokenGovernance.Domain;

namespace TokenGovernance.Sources;

/// <summary>Something usage is read from in every pass: all session logs of a home, or all its databases.</summary>
/// <remarks>
///     A source remembers in memory what it has handed over and trusts that it was stored. Where storing fails, the source is
///     dropped and made anew from the checkpoints in the store. Calls come in the order below, once a pass, from one thread.
/// </remarks>
interface IUsageSource
{
    /// <summary>Returns facts about sessions that changed; they are stored before the pass's events.</summary>
    IEnumerable<Batch> ReadSessions(PassReport report);

    /// <summary>Returns a reader for each part that has something new. The readers may run in parallel.</summary>
    IReadOnlyList<IEventReader> FindChanged(PassReport report);

    /// <summary>Returns evidence that improves events already stored, reading no more than about <paramref name="maxBytes" />.</summary>
    IEnumerable<Batch> ReadRuns(long maxBytes, PassReport report);
}

/// <summary>Reads what is new in one part of a source, such as one transcript.</summary>
interface IEventReader
{
    /// <summary>Its name in messages: a path.</summary>
    string Name { get; }

    /// <summary>Returns batches in order, each with the checkpoint it makes true.</summary>
    /// <exception cref="IOException">The part could not be read; what was returned before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    IEnumerable<Batch> Read(CancellationToken stop);
}
