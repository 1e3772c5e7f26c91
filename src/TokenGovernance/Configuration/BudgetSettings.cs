using TokenGovernance.Reports;

namespace TokenGovernance.Configuration;

/// <summary>One `[[budget]]`.</summary>
sealed record BudgetSettings
{
    public required string Name { get; init; }

    /// <summary>What counts; nothing said is everything.</summary>
    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>The limit is for each value of this dimension; NULL: for all together.</summary>
    public Dimension? Each { get; init; }

    public required BudgetPeriod Period { get; init; }

    public required Amount Limit { get; init; }

    /// <summary>Percent of the limit that are worth a message, ascending; 100 is always there.</summary>
    public IReadOnlyList<int> Warn { get; init; } = [100];

    /// <summary>A message also when the limit will probably be exceeded.</summary>
    public bool WarnsByForecast { get; init; }

    public UnpricedUsage Unpriced { get; init; }

    /// <summary>List prices are asked for.</summary>
    public bool IsEstimated => Limit.Unit is AmountUnit.Usd && Unpriced is UnpricedUsage.Estimate;

    /// <summary>Names of destinations.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>The cron job that is disabled when the limit is reached; NULL: nothing is done, only said.</summary>
    public string? DisabledJob { get; init; }
}

/// <summary>What a limit in dollars makes of usage that has no price.</summary>
enum UnpricedUsage
{
    /// <summary>It is told beside what is known: "at least".</summary>
    Count,

    /// <summary>It is as if it were free, and said nothing of.</summary>
    Ignore,

    /// <summary>It counts with what a price list would ask, and that is said; what no list names is told as with <see cref="Count" />.</summary>
    Estimate,
}

/// <summary>One `[[quota]]`: a window of a provider's plan.</summary>
/// <param name="Window">The window's label, such as `5h`; NULL is every window.</param>
sealed record QuotaSettings(string Provider, string? Window, IReadOnlyList<int> Warn, IReadOnlyList<string> Notify);

/// <summary>`[runaway]`.</summary>
/// <param name="Factor">Multiplies every limit of the rule.</param>
/// <param name="FloorUsd">Dollars that a quarter of an hour may always cost.</param>
/// <param name="FloorOutputTokens">Output tokens without a price that it may always have.</param>
sealed record RunawaySettings(
    IReadOnlyList<NameFilter> Where, double Factor, decimal FloorUsd, decimal FloorOutputTokens, IReadOnlyList<string> Notify);
