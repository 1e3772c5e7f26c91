using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Usage;

/// <summary>Usage of a quarter of an hour, or of a whole day, that is alike in all names.</summary>
/// <param name="Quarter">See <see cref="QuarterHour" />; of a day its first.</param>
/// <param name="Names">The same object for the same names.</param>
/// <param name="Cost">What was recorded.</param>
/// <param name="CostClass">What that is worth.</param>
readonly record struct UsageRow(int Quarter, UsageNames Names, UsageCounts Counts, Money Cost, CostClass CostClass)
{
    /// <summary>What it cost, and nothing else of it.</summary>
    public SpentRow Spent => new(Quarter, Names, CostClass, (double)Cost.Billionths / 1e9, Counts.Output);
}

/// <summary>What a quarter of an hour cost, of usage that is alike in all names.</summary>
/// <param name="Quarter">See <see cref="QuarterHour" />.</param>
/// <param name="Names">The same object for the same names.</param>
/// <param name="CostClass">What the cost is worth.</param>
/// <param name="Dollars">What was recorded.</param>
/// <param name="OutputTokens">Output tokens.</param>
readonly record struct SpentRow(int Quarter, UsageNames Names, CostClass CostClass, double Dollars, long OutputTokens);
