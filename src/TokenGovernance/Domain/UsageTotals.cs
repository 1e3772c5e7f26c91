namespace TokenGovernance.Domain;

/// <summary>Usage added up, with what is recorded, what was billed and what is unknown kept apart.</summary>
sealed class UsageTotals
{
    Money _recorded;
    Others? _others;

    /// <summary>All events.</summary>
    public UsageCounts All;

    /// <summary>The events of which no price is known.</summary>
    public UsageCounts Unpriced => _others?.Unpriced ?? default;

    public long RecordedEvents { get; private set; }

    public long BilledEvents => _others?.BilledEvents ?? 0;

    /// <summary>Failed calls that used nothing and were recorded as such.</summary>
    public long IdleEvents => _others?.IdleEvents ?? 0;

    /// <summary>Answers of which neither tokens nor cost were measured: they are in no number but this one and the count of all.</summary>
    public long UnmeasuredEvents => _others?.UnmeasuredEvents ?? 0;

    /// <summary>Unpriced events that have no cost at all, not even a zero.</summary>
    public long UnwrittenEvents => _others?.UnwrittenEvents ?? 0;

    /// <summary>Unpriced events that a plan pays for, as far as that is said.</summary>
    public long PlanPaidEvents => _others?.PlanPaidEvents ?? 0;

    /// <summary>Tokens of the events whose cost is known.</summary>
    public long PricedTokens { get; private set; }

    /// <summary>Responses whose cost is known.</summary>
    public long PricedEvents => RecordedEvents + BilledEvents;

    /// <summary>What OpenClaw computed at the time; NULL if it computed nothing.</summary>
    public Money? Recorded => RecordedEvents > 0 || (PricedEvents + Unpriced.Events + UnmeasuredEvents == 0 && IdleEvents > 0) ? _recorded : null;

    /// <summary>What the provider said; NULL if it said nothing.</summary>
    public Money? Billed => _others is { BilledEvents: > 0 } others ? others.Billed : null;

    /// <summary>Both, where any is known.</summary>
    public Money? Known => Recorded is null && Billed is null ? null : _recorded + (_others?.Billed ?? default);

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
        if (costClass is CostClass.Recorded)
        {
            _recorded += cost;
            RecordedEvents += counts.Events;
            PricedTokens = UsageCounts.Sum(PricedTokens, counts.Total);

            return;
        }

        var others = _others ??= new();
        switch (costClass)
        {
            case CostClass.ProviderBilled:
                others.Billed += cost;
                others.BilledEvents += counts.Events;
                PricedTokens = UsageCounts.Sum(PricedTokens, counts.Total);
                break;
            case CostClass.Idle:
                others.IdleEvents += counts.Events;
                break;
            case CostClass.NotMeasured:
                others.UnmeasuredEvents += counts.Events;
                break;
            default:
                others.Unpriced.Add(counts);
                others.UnwrittenEvents += costClass is CostClass.Unknown or CostClass.PlanPaid ? counts.Events : 0;
                others.PlanPaidEvents += costClass is CostClass.PlanPaid ? counts.Events : 0;
                break;
        }
    }

    public void Add(UsageTotals other)
    {
        All.Add(other.All);
        _recorded += other._recorded;
        RecordedEvents += other.RecordedEvents;
        PricedTokens = UsageCounts.Sum(PricedTokens, other.PricedTokens);
        if (other._others is { } others)
        {
            (_others ??= new()).Add(others);
        }
    }

    /// <summary>Events whose cost was not recorded: most sums have none, and are smaller for it.</summary>
    sealed class Others
    {
        public UsageCounts Unpriced;
        public Money Billed;
        public long BilledEvents, IdleEvents, UnmeasuredEvents, UnwrittenEvents, PlanPaidEvents;

        public void Add(Others other)
        {
            Unpriced.Add(other.Unpriced);
            Billed += other.Billed;
            BilledEvents += other.BilledEvents;
            IdleEvents += other.IdleEvents;
            UnmeasuredEvents += other.UnmeasuredEvents;
            UnwrittenEvents += other.UnwrittenEvents;
            PlanPaidEvents += other.PlanPaidEvents;
        }
    }
}
