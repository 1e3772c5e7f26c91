using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Metrics;

/// <summary>What one series counts. No number goes beyond 64 bits: it stays at the largest.</summary>
sealed class MetricSums
{
    /// <summary>When the series began, in ms since 1970.</summary>
    public long CreatedMs { get; set; } = long.MaxValue;

    public long Responses { get; set; }

    public long Errors { get; set; }

    /// <summary>Responses whose price is not known.</summary>
    public long Unpriced { get; set; }

    /// <summary>Responses that nobody measured.</summary>
    public long Unmeasured { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }

    public long CacheRead { get; set; }

    public long CacheWrite { get; set; }

    /// <summary>Responses with a cost that OpenClaw computed; 0: no such cost is known.</summary>
    public long RecordedResponses { get; set; }

    public long RecordedNano { get; set; }

    /// <summary>Responses of which the provider said the cost.</summary>
    public long BilledResponses { get; set; }

    public long BilledNano { get; set; }

    public void Add(in UsageCounts counts, long costNano, CostClass cost)
    {
        Responses = UsageCounts.Sum(Responses, counts.Events);
        Errors = UsageCounts.Sum(Errors, counts.Errors);
        Input = UsageCounts.Sum(Input, counts.Input);
        Output = UsageCounts.Sum(Output, counts.Output);
        CacheRead = UsageCounts.Sum(CacheRead, counts.CacheRead);
        CacheWrite = UsageCounts.Sum(CacheWrite, counts.CacheWrite);
        switch (cost)
        {
            case CostClass.Recorded:
                RecordedResponses = UsageCounts.Sum(RecordedResponses, counts.Events);
                RecordedNano = UsageCounts.Sum(RecordedNano, costNano);
                break;
            case CostClass.ProviderBilled:
                BilledResponses = UsageCounts.Sum(BilledResponses, counts.Events);
                BilledNano = UsageCounts.Sum(BilledNano, costNano);
                break;
            case CostClass.Idle:
                break;
            case CostClass.NotMeasured:
                Unmeasured = UsageCounts.Sum(Unmeasured, counts.Events);
                break;
            default:
                Unpriced = UsageCounts.Sum(Unpriced, counts.Events);
                break;
        }
    }
}

/// <summary>What one cron job counts.</summary>
sealed class JobSums
{
    public long CreatedMs { get; set; } = long.MaxValue;

    public long Tokens { get; set; }

    /// <summary>Responses whose cost is known; 0: none is.</summary>
    public long PricedResponses { get; set; }

    public long CostNano { get; set; }

    public void Add(in UsageCounts counts, long costNano, CostClass cost)
    {
        Tokens = UsageCounts.Sum(Tokens, counts.Total);
        if (CostRule.IsKnown(cost))
        {
            PricedResponses = UsageCounts.Sum(PricedResponses, counts.Events);
            CostNano = UsageCounts.Sum(CostNano, costNano);
        }
    }
}
