using TokenGovernance.Domain;

namespace TokenGovernance.Sources;

/// <summary>What a source found in one pass.</summary>
sealed class SourceNews
{
    /// <summary>Sources inside this one, polled next, in this order.</summary>
    public List<IUsageSource> Parts { get; } = [];

    /// <summary>Facts about sessions that changed, and checkpoints to forget; stored before the pass's events.</summary>
    public List<Batch> Sessions { get; } = [];

    /// <summary>A reader for each part that has something new.</summary>
    public List<IEventReader> Readers { get; } = [];

    /// <summary>A reader for each part that may have evidence to read.</summary>
    public List<IEvidenceReader> Evidence { get; } = [];

    /// <summary>Takes over what another source found, but for its parts.</summary>
    public void Add(SourceNews other)
    {
        Sessions.AddRange(other.Sessions);
        Readers.AddRange(other.Readers);
        Evidence.AddRange(other.Evidence);
    }
}
