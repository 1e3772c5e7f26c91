namespace TokenGovernance.Domain;

/// <summary>Tokens of one model response; NULL is "not said". Input excludes what was read from or written to the cache.</summary>
/// <param name="Total">As recorded, else the sum of the known four.</param>
/// <param name="Reasoning">Part of <paramref name="Output" />, where the provider says so.</param>
readonly record struct TokenCounts(long? Input, long? Output, long? CacheRead, long? CacheWrite, long? Total, long? Reasoning)
{
    /// <summary>The largest count that is kept: JSON numbers are exact up to here, and sums of many still fit 64 bits.</summary>
    public const long Max = (1L << 53) - 1;

    /// <summary>Part of the cache writes that is kept for an hour: Anthropic bills it at twice the input price.</summary>
    public long? CacheWrite1h { get; init; }

    /// <summary>What remains when others are taken off, count by count; never less than nothing. Unknown stays unknown.</summary>
    public TokenCounts Less(TokenCounts other) => new(
        Less(Input, other.Input), Less(Output, other.Output), Less(CacheRead, other.CacheRead), Less(CacheWrite, other.CacheWrite),
        Less(Total, other.Total), Less(Reasoning, other.Reasoning))
    {
        CacheWrite1h = Less(CacheWrite1h, other.CacheWrite1h),
    };

    /// <summary>The counts of both; unknown counts as nothing.</summary>
    public TokenCounts Plus(TokenCounts other) => new(
        Plus(Input, other.Input), Plus(Output, other.Output), Plus(CacheRead, other.CacheRead), Plus(CacheWrite, other.CacheWrite),
        Plus(Total, other.Total), Plus(Reasoning, other.Reasoning))
    {
        CacheWrite1h = Plus(CacheWrite1h, other.CacheWrite1h),
    };

    public bool AnyUsed => Input > 0 || Output > 0 || CacheRead > 0 || CacheWrite > 0 || Total > 0;

    /// <summary>As <see cref="AnyUsed" />, with those that are parts of others.</summary>
    public bool AnySaid => AnyUsed || Reasoning > 0 || CacheWrite1h > 0;

    static long? Plus(long? count, long? other) => (count ?? 0) + (other ?? 0);

    static long? Less(long? count, long? other) => count is { } value ? Math.Max(0, value - (other ?? 0)) : null;
}
