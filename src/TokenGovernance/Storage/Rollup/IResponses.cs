using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>What sums cannot say of single responses: when, in which run, how much each.</summary>
interface IResponses : IDisposable
{
    /// <summary>Returns the responses of attributions, in no order.</summary>
    /// <param name="attributions">Of which.</param>
    /// <param name="range">By the start of the call.</param>
    IEnumerable<ResponseRow> Read(IReadOnlyCollection<long> attributions, TimeRange range);

    /// <summary>When the first call of each attribution began, and when its last response was written, whenever that was; NULL: no time is known.</summary>
    IReadOnlyDictionary<long, (long? FirstMs, long? LastMs)> ReadSpans(IReadOnlyCollection<long> attributions);

    /// <summary>Returns the runs of attributions; of responses that no run is known of NULL. One may come more than once.</summary>
    /// <param name="attributions">Of which.</param>
    /// <param name="range">By the start of the call.</param>
    IEnumerable<(long Attribution, string? Run)> ReadRuns(IReadOnlyCollection<long> attributions, TimeRange range);

    /// <summary>True if the responses of an attribution are gone, and only their sums are kept.</summary>
    bool AreGone(long attribution) => false;

    /// <summary>Returns the key of the session that started each sub-agent's session, by home and key.</summary>
    Dictionary<(string Home, string Key), string> ReadStarters();
}
