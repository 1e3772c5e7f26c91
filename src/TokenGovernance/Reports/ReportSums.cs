using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Sums of a row, with what is recorded, what was billed and what is unknown kept apart.</summary>
sealed class ReportSums
{
    MoneySum _recorded, _billed;

    /// <summary>All events; its cost means nothing.</summary>
    public UsageSums All;

    /// <summary>The events of which no price is known.</summary>
    public UsageSums Unpriced;

    public long RecordedEvents { get; private set; }

    public long BilledEvents { get; private set; }

    /// <summary>Failed calls that used nothing and were recorded as such.</summary>
    public long IdleEvents { get; private set; }

    /// <summary>Unpriced events that have no cost at all, not even a zero.</summary>
    public long UnwrittenEvents { get; private set; }

    /// <summary>Tokens of the events whose cost is known.</summary>
    public long PricedTokens { get; private set; }

    /// <summary>Responses whose cost is known.</summary>
    public long PricedEvents => RecordedEvents + BilledEvents;

    /// <summary>What OpenClaw computed at the time; NULL if it computed nothing.</summary>
    public decimal? Recorded => RecordedEvents > 0 || (PricedEvents == 0 && Unpriced.Events == 0 && IdleEvents > 0) ? _recorded.ToDecimal() : null;

    /// <summary>What the provider said; NULL if it said nothing.</summary>
    public decimal? Billed => BilledEvents > 0 ? _billed.ToDecimal() : null;

    /// <summary>Both, where any is known.</summary>
    public decimal? Known => Recorded is null && Billed is null ? null : (Recorded ?? 0) + (Billed ?? 0);

    public decimal? CostPerResponse => PricedEvents > 0 ? Known / PricedEvents : null;

    public decimal? CostPerMillionTokens => PricedTokens > 0 ? Known * 1_000_000 / PricedTokens : null;

    /// <summary>The share of all input that came from the cache.</summary>
    public double? CacheHitRatio =>
        (double)All.Input + All.CacheRead + All.CacheWrite is var input and > 0 ? All.CacheRead / input : null;

    public long? Reasoning => All.ReasoningSaid > 0 ? All.Reasoning : null;

    public void Add(in UsageSums sums, CostClass cost)
    {
        All.Add(sums);
        switch (cost)
        {
            case CostClass.Recorded:
                _recorded += sums.Cost;
                RecordedEvents += sums.Events;
                PricedTokens += sums.Total;
                break;
            case CostClass.ProviderBilled:
                _billed += sums.Cost;
                BilledEvents += sums.Events;
                PricedTokens += sums.Total;
                break;
            case CostClass.Idle:
                IdleEvents += sums.Events;
                break;
            default:
                Unpriced.Add(sums);
                UnwrittenEvents += cost is CostClass.Unknown ? sums.Events : 0;
                break;
        }
    }

    public void Add(ReportSums other)
    {
        All.Add(other.All);
        Unpriced.Add(other.Unpriced);
        _recorded += other._recorded;
        _billed += other._billed;
        RecordedEvents += other.RecordedEvents;
        BilledEvents += other.BilledEvents;
        IdleEvents += other.IdleEvents;
        UnwrittenEvents += other.UnwrittenEvents;
        PricedTokens += other.PricedTokens;
    }
}
