using System.Runtime.InteropServices;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage;

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

    /// <summary>Totals of the new events by agent and model, as first attributed.</summary>
    public IReadOnlyDictionary<(string AgentId, string? Provider, string? Model), UsageTotals> AddedByModel => _added;

    public void AddAdded(UsageEvent usage)
    {
        Added++;
        TotalsOf((usage.Session.AgentId, usage.ModelProvider, usage.Model)).Add(usage);
    }

    public void Add(AppendResult other)
    {
        Added += other.Added;
        Known += other.Known;
        Enriched += other.Enriched;
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
