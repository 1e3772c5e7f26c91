namespace TokenGovernance.Domain;

/// <summary>How far the upgrade of a store has come.</summary>
/// <param name="Path">The store.</param>
/// <param name="Version">The schema it is being upgraded to.</param>
/// <param name="Done">How many responses have been taken over; 0 before the first.</param>
/// <param name="Total">Of how many.</param>
/// <param name="NeededBytes">How much free disk space it takes meanwhile.</param>
readonly record struct UpgradeProgress(string Path, int Version, long Done, long Total, long NeededBytes);
