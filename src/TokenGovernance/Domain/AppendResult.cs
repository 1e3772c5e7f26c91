using System.Runtime.InteropServices;

namespace TokenGovernance.Domain;

/// <summary>What storing batches did.</summary>
sealed class AppendResult
{
    readonly Dictionary<(string AgentId, string? Provider, string? Model), UsageTotals> _added = [];

    /// <summary>Events that were new.</summary>
    public long Added { get; private set; }

    /// <summary>Events that were stored already, under whatever name they were read this time.</summary>
    public long Known { get; set; }

    /// <summary>Stored events whose attribution became better.</summary>
    public long Enriched { get; set; }

    /// <summary>Events of before the time that single ones are kept from; they were passed over.</summary>
    public long BelowFloor { get; set; }

    /// <summary>Totals of the new events by agent and model, as first attributed.</summary>
    public IReadOnlyDictionary<(string AgentId, string? Provider, string? Model), UsageTotals> AddedByModel => _added;

    public void AddAdded(UsageEvent usage)
    {
        Added++;
        TotalsOf((usage.Session.AgentId, usage.ModelProvider, usage.Model)).Add(usage);
    }

    /// <summary>An event came that was no new reading: it stands for what another one leaves.</summary>
    public void AddAdded((string AgentId, string? Provider, string? Model) key, UsageCounts counts, Money cost, CostClass costClass)
    {
        Added += counts.Events;
        TotalsOf(key).Add(counts, cost, costClass);
    }

    /// <summary>An event went, because others say the same and more.</summary>
    public void AddRemoved((string AgentId, string? Provider, string? Model) key, UsageCounts counts, Money cost, CostClass costClass)
    {
        Added -= counts.Events;
        TotalsOf(key).Add(counts.Negative(), new Money(-cost.Billionths), costClass);
    }

    public void Add(AppendResult other)
    {
        Added += other.Added;
        Known += other.Known;
        Enriched += other.Enriched;
        BelowFloor += other.BelowFloor;
        foreach (var (key, totals) in other._added)
        {
            TotalsOf(key).Add(totals);
        }
    }

    UsageTotals TotalsOf((string AgentId, string? Provider, string? Model) key)
    {
        ref var totals = ref CollectionsMarshal.GetValueRefOrAddDefault(_added, key, out _);

        return totals ??= new UsageTotals();
    }
}
