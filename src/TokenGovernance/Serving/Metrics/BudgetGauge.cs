namespace TokenGovernance.Serving.Metrics;

/// <summary>How a budget stands, for a gauge.</summary>
/// <param name="Name">The budget's name.</param>
/// <param name="Instance">The agent, model, … of a budget for each; else empty.</param>
/// <param name="Unit">`USD`, `tokens`, …</param>
/// <param name="Limit">In the unit.</param>
/// <param name="Used">In the unit; of dollars what is known.</param>
/// <param name="Forecast">What the period will come to; NULL where that cannot be said.</param>
/// <param name="IsExceeded">The limit is reached.</param>
sealed record BudgetGauge(string Name, string Instance, string Unit, double Limit, double Used, double? Forecast, bool IsExceeded)
{
    public static void Write(ExpositionWriter to, IReadOnlyList<BudgetGauge> budgets)
    {
        Write(to, budgets, "budget_limit", "The limit of a budget, in its unit.", budget => budget.Limit);
        Write(to, budgets, "budget_used", "What of a budget is used in its period; of dollars what is known.", budget => budget.Used);
        Write(to, budgets, "budget_forecast", "What the period of a budget will come to.", budget => budget.Forecast);
        Write(to, budgets, "budget_exceeded", "1 where the limit is reached, else 0.", budget => budget.IsExceeded ? 1 : 0);
    }

    static void Write(ExpositionWriter to, IReadOnlyList<BudgetGauge> budgets, string name, string help, Func<BudgetGauge, double?> valueOf)
    {
        to.Gauge(name, help);
        foreach (var budget in budgets)
        {
            if (valueOf(budget) is { } value)
            {
                to.Add(value, ("budget", budget.Name), ("instance", budget.Instance), ("unit", budget.Unit));
            }
        }
    }
}
