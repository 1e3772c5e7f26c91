using TokenGovernance.Storage;

namespace TokenGovernance.Retention;

/// <summary>Which old quota readings would go: of each series and hour, all but the first, the last and the highest.</summary>
/// <param name="Keep">For how long all of them are kept.</param>
/// <param name="BeforeMs">What is older is thinned out, in ms since 1970.</param>
/// <param name="Surplus">The ids of those that go.</param>
sealed record SnapshotPlan(KeepTime Keep, long BeforeMs, IReadOnlyList<long> Surplus)
{
    /// <summary>Reads one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keep">For how long.</param>
    /// <param name="now">The time.</param>
    /// <param name="fleet">How far the fleet is; NULL: there is none.</param>
    /// <exception cref="Domain.UserFacingException">That is not long enough.</exception>
    public static SnapshotPlan Read(StoreReader store, KeepTime keep, DateTimeOffset now, FleetProgress? fleet)
    {
        var before = keep.RequireLong(now);

        return new SnapshotPlan(keep, before, store.FindSurplusSnapshots(before, fleet?.LastSnapshotIn(store) ?? long.MaxValue));
    }
}
