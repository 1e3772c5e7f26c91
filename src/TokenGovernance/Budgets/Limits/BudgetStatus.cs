using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>How a budget stands in one period.</summary>
/// <param name="Instance">The agent, job, … of a budget with `each`; else empty.</param>
/// <param name="IsBefore">It is the period that has just ended: only late messages come of it.</param>
/// <param name="Used">In the unit of the limit; of dollars what is known, and what is estimated where that is asked for.</param>
/// <param name="Events">Responses.</param>
/// <param name="UnpricedEvents">Responses among them whose price is not known, where that matters.</param>
sealed record BudgetStatus(
    BudgetSettings Budget, string Instance, PeriodBounds Bounds, bool IsBefore, decimal Used, long Events, long UnpricedEvents)
{
    /// <summary>With a larger share of responses without a price, or not measured, nobody can say that a limit is kept.</summary>
    const double MostMissing = 0.1;

    /// <summary>Responses among them of which nobody knows what they used, where that matters.</summary>
    public long UnmeasuredEvents { get; init; }

    /// <summary>As much of <see cref="Used" /> as is estimated at list prices.</summary>
    public decimal Estimated { get; init; }

    /// <summary>Responses that <see cref="Used" /> does not hold: it is at least that much.</summary>
    public long MissingEvents => UnpricedEvents + UnmeasuredEvents;

    /// <summary>What the period will come to; NULL where that cannot be said, or the period has no end.</summary>
    public Forecast? Forecast { get; init; }

    public double Share => (double)(Used / Budget.Limit.Value);

    /// <summary>Percents of the limit that are reached, ascending.</summary>
    public IEnumerable<int> Reached => Budget.Warn.Where(percent => Used >= Budget.Limit.Value * percent / 100);

    public bool WillExceed => Forecast is { } forecast && forecast.Middle >= (double)Budget.Limit.Value;

    public BudgetState State =>
        Used >= Budget.Limit.Value ? BudgetState.Over
        : MissingEvents > MostMissing * Events ? BudgetState.Unknown
        : Reached.Any() ? BudgetState.Warn
        : BudgetState.Ok;
}

/// <summary>A budget in one word.</summary>
enum BudgetState
{
    Ok,

    /// <summary>A threshold below the limit is reached.</summary>
    Warn,

    /// <summary>The limit is reached.</summary>
    Over,

    /// <summary>So much has no price, or was not measured, that nobody can say.</summary>
    Unknown,
}
