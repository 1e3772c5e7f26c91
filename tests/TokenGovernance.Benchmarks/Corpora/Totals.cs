namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>What a reader has to find. Costs are whole numbers of 1e-9 USD, so that their sum is exact.</summary>
sealed record Totals
{
    public long Events { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }

    public long CacheRead { get; set; }

    public long CacheWrite { get; set; }

    public long Total { get; set; }

    public long CostNano { get; set; }
}
