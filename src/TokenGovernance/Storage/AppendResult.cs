using TokenGovernance.Domain;

namespace TokenGovernance.Storage;

/// <summary>What storing batches did.</summary>
sealed class AppendResult
{
    readonly Dictionary<(string AgentId, string? Provider, string? Model), UsageSum> _added = [];

    /// <summary>Events that were new.</summary>
    public long Added { get; private set; }

    /// <summary>Events that were stored already, under whatever name they were read this time.</summary>
    public long Known { get; set; }

    /// <summary>Stored events whose attribution became better.</summary>
    public long Enriched { get; set; }

    /// <summary>Sums of the new events by agent and model, as first attributed.</summary>
    public IReadOnlyDictionary<(string AgentId, string? Provider, string? Model), UsageSum> AddedByModel => _added;

    public void AddAdded(UsageEvent usage)
    {
        Added++;
        var key = (usage.Session.AgentId, usage.ModelProvider, usage.Model);
        var sum = _added.GetValueOrDefault(key);
        var isPriced = usage.Cost.Source is CostSource.Recorded or CostSource.ProviderBilled;
        _added[key] = new UsageSum(
            sum.Events + 1,
            sum.Tokens + (usage.Tokens.Total ?? 0),
            sum.Cost + (isPriced ? (decimal)Math.Min(usage.Cost.Total ?? 0, 1e15) : 0),
            sum.Unpriced + (isPriced ? 0 : 1));
    }

    public void Add(AppendResult other)
    {
        Added += other.Added;
        Known += other.Known;
        Enriched += other.Enriched;
        foreach (var (key, sum) in other._added)
        {
            var mine = _added.GetValueOrDefault(key);
            _added[key] = new UsageSum(
                mine.Events + sum.Events, mine.Tokens + sum.Tokens, mine.Cost + sum.Cost, mine.Unpriced + sum.Unpriced);
        }
    }
}

/// <summary>A sum over events.</summary>
/// <param name="Tokens">Total tokens.</param>
/// <param name="Cost">US dollars of the events that have a price.</param>
/// <param name="Unpriced">Events whose cost is unknown.</param>
readonly record struct UsageSum(long Events, Int128 Tokens, decimal Cost, long Unpriced);
