using TokenGovernance.Budgets.Usage;

namespace TokenGovernance.Budgets.Limits;

/// <summary>How budgets stand from look to look in a quarter of an hour: only those whose usage changed since the look before are added up anew.</summary>
/// <param name="earlier">What came before the usage that each look is given.</param>
/// <param name="nowMs">The beginning of that quarter: what it forecasts holds for all of it.</param>
sealed class BudgetStandings(BudgetMeter earlier, long nowMs)
{
    /// <summary>Of budgets with `each`.</summary>
    readonly Dictionary<int, Dictionary<string, BudgetStatus[]>> _instances = [];

    /// <summary>Of each budget, the fullest first.</summary>
    readonly BudgetStatus[][] _statuses = [.. Enumerable.Repeat(Array.Empty<BudgetStatus>(), earlier.Count)];
    BudgetMeter? _last;

    /// <summary>How each budget stands, in the order of the file; of one with several instances the fullest first.</summary>
    /// <remarks>What did not change since the look before is the same object.</remarks>
    /// <param name="rows">All usage that the meter of earlier usage does not hold.</param>
    public IReadOnlyList<BudgetStatus> Read(IEnumerable<UsageRow> rows)
    {
        var live = new BudgetMeter(earlier);
        foreach (var row in rows)
        {
            live.Add(row);
        }

        IReadOnlySet<BudgetKey> changed;
        if (_last is null)
        {
            earlier.Settle();
            live.Settle();
            changed = live.Keys.Concat(earlier.Keys).ToHashSet();
        }
        else
        {
            changed = live.FindOther(_last);
            live.Settle(changed.Contains);
        }

        _last = live;
        var touched = new HashSet<int>();
        foreach (var key in changed)
        {
            if (!earlier.IsForEach(key))
            {
                _statuses[key.Window] = live.Read(key, earlier, nowMs);
            }
            else if (touched.Add(key.Window) && !_instances.ContainsKey(key.Window))
            {
                _instances[key.Window] = new Dictionary<string, BudgetStatus[]>(StringComparer.Ordinal);
            }
        }

        foreach (var key in changed.Where(key => touched.Contains(key.Window)))
        {
            Update(_instances[key.Window], key, live);
        }

        foreach (var window in touched)
        {
            _statuses[window] =
            [
                .. _instances[window].Values.SelectMany(some => some).OrderByDescending(status => status.Share).ThenBy(status => status.Instance, StringComparer.Ordinal),
            ];
        }

        var all = new List<BudgetStatus>(2 * _statuses.Length);
        foreach (var statuses in _statuses)
        {
            all.AddRange(statuses);
        }

        return all;
    }

    void Update(Dictionary<string, BudgetStatus[]> instances, BudgetKey key, BudgetMeter live)
    {
        if (live.Has(key) || earlier.Has(key))
        {
            instances[key.Instance] = live.Read(key, earlier, nowMs);
        }
        else
        {
            instances.Remove(key.Instance);
        }
    }
}
