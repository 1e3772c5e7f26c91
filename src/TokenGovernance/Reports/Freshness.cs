using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>How new a store's contents are, so that "nothing was used" differs from "nothing was collected".</summary>
/// <param name="CollectedMs">When the last pass of `collect` ended, or a node of the fleet pushed last, in ms since 1970; NULL: not known.</param>
/// <param name="NewestMs">When the newest response was written; NULL: there is none with a time.</param>
readonly record struct Freshness(long? CollectedMs, long? NewestMs)
{
    public static Freshness Read(IStoreReader store, IRollup rollup) => new(
        store.ReadLastPass() is { } text && UtcTime.TryParse(text, out var collected) ? collected : null, rollup.FindNewestMs());
}
