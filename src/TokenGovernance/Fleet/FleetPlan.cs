namespace TokenGovernance.Fleet;

/// <summary>What is pushed, and under which name.</summary>
/// <param name="Name">The node's.</param>
/// <param name="AllColumns">Also keys of sessions.</param>
/// <param name="Version">The program's.</param>
/// <param name="TakeOver">The node whose place this store takes; NULL: it has its own.</param>
sealed record FleetPlan(string Name, bool AllColumns, string Version, string? TakeOver = null);
