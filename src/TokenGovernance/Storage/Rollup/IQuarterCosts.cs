namespace TokenGovernance.Storage.Rollup;

/// <summary>What quarter-hours cost, and nothing else of them: for who follows agents through weeks.</summary>
interface IQuarterCosts : IDisposable
{
    /// <summary>Returns sums in the order of time.</summary>
    /// <param name="first">The first quarter-hour.</param>
    /// <param name="end">The first one after the last.</param>
    IEnumerable<QuarterCost> Read(int first, int end);
}
