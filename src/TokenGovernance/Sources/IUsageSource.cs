using TokenGovernance.Domain;

namespace TokenGovernance.Sources;

/// <summary>Something usage is read from in every pass: the transcripts of one agent, one database, or a group of such.</summary>
/// <remarks>
///     A source remembers in memory what it has handed over and trusts that it was stored. Where storing fails, the source is
///     dropped and made anew from the checkpoints in the store. What a source throws is caught, told and tried again by the
///     collector: the other sources, and what this one had found by then, are not affected.
/// </remarks>
interface IUsageSource
{
    /// <summary>Its name in messages: a path.</summary>
    string Name { get; }

    /// <summary>Looks for what is new, once a pass, from one thread.</summary>
    /// <param name="news">Receives what is found.</param>
    /// <param name="report">Is told of what could not be read.</param>
    void Poll(SourceNews news, PassReport report);
}

/// <summary>Reads what is new in one part of a source, such as one transcript.</summary>
interface IEventReader
{
    /// <summary>Its name in messages: a path.</summary>
    string Name { get; }

    /// <summary>Returns batches in order, each with the checkpoint it makes true. Readers may run in parallel.</summary>
    /// <exception cref="IOException">The part could not be read; what was returned before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    IEnumerable<Batch> Read(CancellationToken stop);
}

/// <summary>Reads what improves events that are stored already, such as records of runs.</summary>
interface IEvidenceReader
{
    /// <summary>Its name in messages: a path.</summary>
    string Name { get; }

    /// <summary>Returns batches, reading not much more than the budget allows. Called when all events of the pass are stored.</summary>
    IEnumerable<Batch> Read(ByteBudget budget, PassReport report);
}
