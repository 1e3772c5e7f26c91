using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>What quarter-hours cost in the fleet.</summary>
/// <param name="rollup">Adds up.</param>
sealed class FleetQuarterCosts(FleetRollup rollup) : IQuarterCosts
{
    public IEnumerable<QuarterCost> Read(int first, int end) => rollup
        .ReadQuarters(RollupLevel.Attributions, new TimeRange(QuarterHour.StartMs(first), QuarterHour.StartMs(end)))
        .Select(row => new QuarterCost(
            row.Quarter, row.Attribution, row.Model, row.CostClass, (long)Int128.Min(row.Cost.Billionths, long.MaxValue), row.Counts.Output));

    public void Dispose() => rollup.Dispose();
}
