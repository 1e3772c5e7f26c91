namespace TokenGovernance.Fleet;

/// <summary>A row of `tg_nodes`.</summary>
/// <param name="Id">What the rows of the node are marked with.</param>
/// <param name="Name">What people call it.</param>
/// <param name="StoreId">The store that it pushes.</param>
/// <param name="Token">Where in the store's change feed the next push begins; NULL: at its beginning.</param>
/// <param name="FormerToken">Where it was when a backup of the store had been put back.</param>
/// <param name="Generation">Grows each time the feed is read from its beginning.</param>
/// <param name="IsResyncing">The feed is being read from its beginning again: rows of an earlier generation may be gone.</param>
/// <param name="KeepsUntold">They stay all the same.</param>
/// <param name="AllColumns">Keys of sessions are pushed.</param>
/// <param name="SnapshotId">The last quota reading that was pushed.</param>
sealed record FleetNode(
    Guid Id, string Name, string StoreId, string? Token, string? FormerToken, int Generation, bool IsResyncing, bool KeepsUntold, bool AllColumns, long SnapshotId);
