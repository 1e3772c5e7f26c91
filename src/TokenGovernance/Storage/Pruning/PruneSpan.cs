namespace TokenGovernance.Storage.Pruning;

/// <summary>Days of one attribution whose events go in one transaction.</summary>
/// <param name="Attribution">The attribution.</param>
/// <param name="Days">Counted since 1970, UTC, in order; those of the attribution that have usage and lie between them are all there.</param>
/// <param name="Events">How many events that are.</param>
readonly record struct PruneSpan(long Attribution, IReadOnlyList<long> Days, long Events);

/// <summary>What lies below a floor: which days of which attributions, and how much that is.</summary>
/// <param name="Events">How many events.</param>
/// <param name="FirstDay">Their first day; NULL: there are none.</param>
/// <param name="LastDay">Their last day.</param>
/// <param name="Days">How many different days.</param>
sealed record PrunableUsage(long Events, long? FirstDay, long? LastDay, long Days);
