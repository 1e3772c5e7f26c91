using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Budgets;

/// <summary>How everything that is watched stood at one moment of the store.</summary>
/// <param name="Budgets">In the order of the file; of one with several instances the fullest first.</param>
/// <param name="Runaways">Those that are not over, oldest first, each with its text; NULL if they were not looked for.</param>
/// <param name="Quotas">Alerts of providers' windows, with who hears of them; the highest threshold first.</param>
sealed record BudgetView(
    IReadOnlyList<BudgetStatus> Budgets, IReadOnlyList<(RunawayEpisode Episode, string Text)>? Runaways,
    IReadOnlyList<(Alert Alert, IReadOnlyList<string> Notify)> Quotas)
{
    /// <summary>What was read of weeks of spending and is worth keeping for the next look; NULL: nothing new.</summary>
    public SpendingHistory? History { get; init; }
}
