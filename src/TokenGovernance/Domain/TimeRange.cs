namespace TokenGovernance.Domain;

/// <summary>A span of time in ms since 1970, UTC; NULL is open.</summary>
/// <param name="FromMs">The first moment that belongs to it.</param>
/// <param name="BeforeMs">The first moment that does not.</param>
readonly record struct TimeRange(long? FromMs, long? BeforeMs)
{
    public bool Contains(long ms) => !(ms < FromMs) && !(ms >= BeforeMs);
}
