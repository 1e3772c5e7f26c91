using TokenGovernance.Configuration;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>A time in which an agent's spending was out of control.</summary>
/// <param name="Agent">Empty: not known.</param>
/// <param name="Unit">Dollars, or output tokens of what has no price.</param>
/// <param name="StartMs">The quarter-hour that was flagged first.</param>
/// <param name="LastMs">The quarter-hour that was flagged last.</param>
/// <param name="Signs">What the first one said.</param>
/// <param name="Spent">From the first on, until now or until it was over.</param>
/// <param name="IsOpen">It is not over: that it is after six hours without a flag.</param>
sealed record RunawayEpisode(string Agent, AmountUnit Unit, long StartMs, long LastMs, RunawaySigns Signs, double Spent, bool IsOpen);
