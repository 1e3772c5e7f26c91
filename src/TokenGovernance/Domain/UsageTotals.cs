using System.Runtime.CompilerServices;

namespace TokenGovernance.Domain;

/// <summary>Usage added up, with what is recorded, what was billed and what is unknown kept apart.</summary>
sealed class UsageTotals
{
    Money _recorded, _billed;
    StrongBox<UsageCounts>? _unpriced;

    /// <summary>All events.</summary>
    public UsageCounts All;

    /// <summary>The events of which no price is known.</summary>
    public UsageCounts Unpriced => _unpriced?.Value ?? default;

    public long RecordedEvents { get; private set; }

    public long BilledEvents { get; private set; }

    /// <summary>Failed calls that used nothing and were recorded as such.</summary>
    public long IdleEvents { get; private set; }

    /// <summary>Answers of which neither tokens nor cost were measured: they are in no number but this one and the count of all.</summary>
    public long UnmeasuredEvents { get; private set; }

    /// <summary>Unpriced events that have no cost at all, not even a zero.</summary>
    public long UnwrittenEvents { get; private set; }

    /// <summary>Unpriced events that a plan pays for, as far as that is said.</summary>
    public long PlanPaidEvents { get; private set; }

    /// <summary>Tokens of the events whose cost is known.</summary>
    public long PricedTokens { get; private set; }

    /// <summary>Responses whose cost is known.</summary>
    public long PricedEvents => RecordedEvents + BilledEvents;

    /// <summary>What OpenClaw computed at the time; NULL if it computed nothing.</summary>
    public Money? Recorded => RecordedEvents > 0 || (PricedEvents + Unpriced.Events + UnmeasuredEvents == 0 && IdleEvents > 0) ? _recorded : null;

    /// <summary>What the provider said; NULL if it said nothing.</summary>
    public Money? Billed => BilledEvents > 0 ? _billed : null;

    /// <summary>Both, where any is known.</summary>
    public Money? Known => Recorded is null && Billed is null ? null : _recorded + _billed;

    public decimal? CostPerResponse => PricedEvents > 0 ? Known?.Dollars / PricedEvents : null;

    public decimal? CostPerMillionTokens => PricedTokens > 0 ? Known?.Dollars * 1_000_000 / PricedTokens : null;

    /// <summary>The share of all input that came from the cache.</summary>
    public double? CacheHitRatio =>
        (double)All.Input + All.CacheRead + All.CacheWrite is var input and > 0 ? All.CacheRead / input : null;

    public long? Reasoning => All.ReasoningSaid > 0 ? All.Reasoning : null;

    public void Add(UsageEvent usage) => Add(UsageCounts.Of(usage), Money.FromDollars(usage.Cost.Total ?? 0), usage.Cost.Class);

    /// <summary>Adds events whose costs are of one class.</summary>
    /// <param name="counts">The events.</param>
    /// <param name="cost">What was recorded for them, whatever that is worth.</param>
    /// <param name="costClass">What it is worth.</param>
    public void Add(in UsageCounts counts, Money cost, CostClass costClass)
    {
        All.Add(counts);
        switch (costClass)
        {
            case CostClass.Recorded:
                _recorded += cost;
                RecordedEvents += counts.Events;
                PricedTokens = UsageCounts.Sum(PricedTokens, counts.Total);
                break;
            case CostClass.ProviderBilled:
                _billed += cost;
                BilledEvents += counts.Events;
                PricedTokens = UsageCounts.Sum(PricedTokens, counts.Total);
                break;
            case CostClass.Idle:
                IdleEvents += counts.Events;
                break;
            case CostClass.NotMeasured:
                UnmeasuredEvents += counts.Events;
                break;
            default:
                (_unpriced ??= new()).Value.Add(counts);
                UnwrittenEvents += costClass is CostClass.Unknown or CostClass.PlanPaid ? counts.Events : 0;
                PlanPaidEvents += costClass is CostClass.PlanPaid ? counts.Events : 0;
                break;
        }
    }

    public void Add(UsageTotals other)
    {
        All.Add(other.All);
        if (other._unpriced is { } unpriced)
        {
            (_unpriced ??= new()).Value.Add(unpriced.Value);
        }

        _recorded += other._recorded;
        _billed += other._billed;
        RecordedEvents += other.RecordedEvents;
        BilledEvents += other.BilledEvents;
        IdleEvents += other.IdleEvents;
        UnmeasuredEvents += other.UnmeasuredEvents;
        UnwrittenEvents += other.UnwrittenEvents;
        PlanPaidEvents += other.PlanPaidEvents;
        PricedTokens = UsageCounts.Sum(PricedTokens, other.PricedTokens);
    }
}
