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
        Responses = Plus(Responses, counts.Events);
        Errors = Plus(Errors, counts.Errors);
        Input = Plus(Input, counts.Input);
        Output = Plus(Output, counts.Output);
        CacheRead = Plus(CacheRead, counts.CacheRead);
        CacheWrite = Plus(CacheWrite, counts.CacheWrite);
        switch (cost)
        {
            case CostClass.Recorded:
                RecordedResponses = Plus(RecordedResponses, counts.Events);
                RecordedNano = Plus(RecordedNano, costNano);
                break;
            case CostClass.ProviderBilled:
                BilledResponses = Plus(BilledResponses, counts.Events);
                BilledNano = Plus(BilledNano, costNano);
                break;
            case CostClass.Idle:
                break;
            case CostClass.NotMeasured:
                Unmeasured = Plus(Unmeasured, counts.Events);
                break;
            default:
                Unpriced = Plus(Unpriced, counts.Events);
                break;
        }
    }

    /// <summary>Adds numbers that are not below zero.</summary>
    public static long Plus(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
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
        Tokens = MetricSums.Plus(Tokens, counts.Total);
        if (cost is CostClass.Recorded or CostClass.ProviderBilled)
        {
            PricedResponses = MetricSums.Plus(PricedResponses, counts.Events);
            CostNano = MetricSums.Plus(CostNano, costNano);
        }
    }
}
