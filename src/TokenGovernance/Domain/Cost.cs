namespace TokenGovernance.Domain;

/// <summary>US dollars as OpenClaw recorded them; never computed here.</summary>
readonly record struct Cost(double? Input, double? Output, double? CacheRead, double? CacheWrite, double? Total, CostSource Source)
{
    public static Cost Unknown => default;
}

/// <summary>Where a cost comes from.</summary>
enum CostSource
{
    /// <summary>No usable cost was written (NULL in the store).</summary>
    Unknown,

    /// <summary>OpenClaw computed it from its price list at the time.</summary>
    Recorded,

    /// <summary>The provider said so.</summary>
    ProviderBilled,

    /// <summary>A zero that only means "no price known": tokens were used, but no part has a price.</summary>
    NoneRecorded,
}
