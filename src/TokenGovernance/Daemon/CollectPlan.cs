using TokenGovernance.Collection;

namespace TokenGovernance.Daemon;

/// <summary>What to collect, into what, and how often.</summary>
/// <param name="StorePath">Full path of the store.</param>
/// <param name="Homes">Where to collect from.</param>
/// <param name="Status">How quota snapshots are taken; NULL takes none.</param>
/// <param name="Rescan">The first pass reads everything again.</param>
/// <param name="Interval">The pause between two passes.</param>
sealed record CollectPlan(string StorePath, Homes Homes, StatusPlan? Status, bool Rescan, TimeSpan Interval);
