namespace TokenGovernance.Domain;

/// <summary>US dollars per token.</summary>
/// <param name="Input">Per input token.</param>
/// <param name="Output">Per output token.</param>
/// <param name="CacheRead">Per token read from the cache; NULL if the list names none: then the input price holds.</param>
/// <param name="CacheWrite">Per token written to the cache; NULL likewise.</param>
/// <param name="Source">The file it is from, for people.</param>
/// <param name="Key">What the file calls the model.</param>
/// <param name="HasTiers">The list has other prices for long contexts.</param>
sealed record Price(
    decimal Input, decimal Output, decimal? CacheRead, decimal? CacheWrite, string Source, string Key, bool HasTiers = false)
{
    /// <summary>Per token written to the cache for an hour; NULL if the list names none: then it is twice the input price, as Anthropic has it.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>A price of zero only says that nobody entered one.</summary>
    public bool IsNone => Input == 0 && Output == 0 && CacheRead is null or 0 && CacheWrite is null or 0;

    /// <summary>What usage would cost; where the list names no cache price, the input price holds.</summary>
    public Money CostOf(in UsageCounts usage)
    {
        // Cache writes for an hour are a part of all cache writes.
        var hour = Math.Clamp(usage.CacheWrite1h, 0, usage.CacheWrite);

        return Money.FromDollars(
            (usage.Input * Input) + (usage.Output * Output) + (usage.CacheRead * (CacheRead ?? Input))
            + ((usage.CacheWrite - hour) * (CacheWrite ?? Input)) + (hour * (CacheWrite1h ?? (2 * Input))));
    }
}
