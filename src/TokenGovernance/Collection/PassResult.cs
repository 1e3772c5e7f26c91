using TokenGovernance.Domain;

namespace TokenGovernance.Collection;

/// <summary>What one pass over all sources did.</summary>
sealed record PassResult
{
    public required AppendResult Stored { get; init; }

    /// <summary>Sources that had something to read.</summary>
    public int Sources { get; init; }

    /// <summary>Of them, those that were read to their end: fewer where the pass was stopped.</summary>
    public int SourcesRead { get; init; }

    public long BytesRead { get; init; }

    public int BadLines { get; init; }

    /// <summary>Where the first few bad lines are.</summary>
    public IReadOnlyList<string> BadLinePlaces { get; init; } = [];

    public IReadOnlyList<SourceFailure> Failures { get; init; } = [];

    /// <summary>What a person should know of sources that were read.</summary>
    public IReadOnlyList<SourceFailure> Notes { get; init; } = [];

    /// <summary>Evidence about runs was left for the next pass.</summary>
    public bool MoreRuns { get; init; }

    public TimeSpan Elapsed { get; init; }
}
