using System.Runtime.InteropServices;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Adds up usage for many budgets at once: each row of the roll-up is looked at once, whatever the number of budgets.</summary>
sealed class BudgetMeter
{
    readonly IReadOnlyList<BudgetWindow> _windows;
    readonly ScopeIndex _scopes;
    readonly Dimension[] _dimensions;
    readonly Dictionary<BudgetKey, InstanceMeter> _meters = [];
    readonly Dictionary<UsageNames, Scope> _scopesOf = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, Scope> _scopesOfKey = new(StringComparer.Ordinal);
    readonly Dictionary<string, Plan[]> _plans = new(StringComparer.Ordinal);
    readonly Dictionary<int, IReadOnlyList<int>> _cuts = [];
    readonly PriceList? _prices;
    readonly Dictionary<(string? Provider, string? Model), Price?> _priceOf = [];

    /// <param name="budgets">Whose.</param>
    /// <param name="calendar">Whose days.</param>
    /// <param name="nowMs">The time: right for all of its quarter of an hour.</param>
    /// <param name="prices">For usage without a price; NULL: it is not estimated.</param>
    public BudgetMeter(IReadOnlyList<BudgetSettings> budgets, LocalCalendar calendar, long nowMs, PriceList? prices)
    {
        _prices = prices;
        _windows = [.. budgets.Select(budget => BudgetWindow.Of(budget, calendar, nowMs))];
        _scopes = new ScopeIndex([.. budgets.Select(budget => budget.Where)]);
        _dimensions =
            [.. budgets.SelectMany(budget => budget.Where.Select(filter => filter.Dimension).Concat(budget.Each is { } each ? [each] : [])).Distinct()];
        FromMs = _windows.Select(window => window.FromMs).DefaultIfEmpty(nowMs).Min();
    }

    /// <summary>An empty one for the same budgets and the same quarter of an hour.</summary>
    public BudgetMeter(BudgetMeter like) =>
        (_windows, _scopes, _dimensions, _plans, _prices, _priceOf, FromMs) =
            (like._windows, like._scopes, like._dimensions, like._plans, like._prices, like._priceOf, like.FromMs);

    /// <summary>The first moment of which usage is needed.</summary>
    public long FromMs { get; }

    /// <summary>The quarter-hours of a day (counted since 1970, UTC) at which a period begins, but for its first one.</summary>
    public IReadOnlyList<int> CutsOf(int day)
    {
        if (day == QuarterHour.Unknown)
        {
            return [];
        }

        if (!_cuts.TryGetValue(day, out var cuts))
        {
            var (start, first) = (day * QuarterHour.DayMs, day * QuarterHour.PerDay);
            _cuts[day] = cuts = [.. _windows.SelectMany(window => window.CutsIn(start, start + QuarterHour.DayMs)).Select(ms => QuarterHour.Of(ms) - first).Distinct()];
        }

        return cuts;
    }

    /// <summary>Adds usage.</summary>
    public void Add(in UsageRow row)
    {
        if (!_scopesOf.TryGetValue(row.Names, out var scope))
        {
            // Many sessions and models, but few combinations of what the budgets ask for.
            var key = row.Names.KeyOf(_dimensions);
            if (!_scopesOfKey.TryGetValue(key, out scope))
            {
                _scopesOfKey[key] = scope = new Scope(PlanOf(key, row.Names));
            }

            _scopesOf[row.Names] = scope;
        }

        scope.Add(row, EstimateOf(row));
    }

    /// <summary>The budgets that there are, whatever was used: a budget for all together is there before anything was.</summary>
    public IEnumerable<BudgetKey> Keys =>
        _meters.Keys.Concat(_windows.Index().Where(window => window.Item.Budget.Each is null).Select(window => new BudgetKey(window.Index, "")));

    /// <summary>How many budgets the file has.</summary>
    public int Count => _windows.Count;

    /// <summary>True for a budget that is there only as long as something is used.</summary>
    public bool IsForEach(BudgetKey key) => _windows[key.Window].Budget.Each is not null;

    /// <summary>Something was added for the budget.</summary>
    public bool Has(BudgetKey key) => _meters.ContainsKey(key);

    /// <summary>How a budget stands.</summary>
    /// <param name="key">Which.</param>
    /// <param name="earlier">A meter of the same periods that holds what came before.</param>
    /// <param name="nowMs">The time.</param>
    public BudgetStatus[] Read(BudgetKey key, BudgetMeter earlier, long nowMs) => FindMeter(key).Read(earlier._meters.GetValueOrDefault(key), nowMs);

    /// <summary>Hands what was added to the budgets that it counts for.</summary>
    /// <param name="isWanted">Which of them; NULL: all.</param>
    public void Settle(Func<BudgetKey, bool>? isWanted = null)
    {
        var joined = new Dictionary<(PeriodSums, PeriodSums), PeriodSums>();
        foreach (var scope in _scopesOfKey.Values)
        {
            scope.HandTo(key => isWanted is null || isWanted(key) ? FindMeter(key) : null, Join);
        }

        // Names belong to one look.
        _scopesOf.Clear();

        PeriodSums Join(PeriodSums one, PeriodSums other)
        {
            ref var both = ref CollectionsMarshal.GetValueRefOrAddDefault(joined, (one, other), out _);

            return both ??= one.With(other);
        }
    }

    /// <summary>Returns the budgets for which something else was added than for those of another meter of the same periods.</summary>
    public HashSet<BudgetKey> FindOther(BudgetMeter other)
    {
        var found = new HashSet<BudgetKey>();
        foreach (var (key, scope) in _scopesOfKey)
        {
            if (!other._scopesOfKey.TryGetValue(key, out var same) || !scope.IsAs(same))
            {
                found.UnionWith(scope.Keys);
            }
        }

        foreach (var (key, scope) in other._scopesOfKey)
        {
            if (!_scopesOfKey.ContainsKey(key))
            {
                found.UnionWith(scope.Keys);
            }
        }

        return found;
    }

    /// <summary>What usage would cost at list prices, where it has no price of its own.</summary>
    Money? EstimateOf(in UsageRow row)
    {
        if (_prices is null || CostRule.IsKnown(row.CostClass))
        {
            return null;
        }

        if (!_priceOf.TryGetValue((row.Names.Provider, row.Names.Model), out var price))
        {
            _priceOf[(row.Names.Provider, row.Names.Model)] = price = _prices.Find(row.Names.Provider, row.Names.Model);
        }

        return price?.CostOf(row.Counts);
    }

    /// <summary>The budgets that some usage counts for, those of the same periods together; found once for all meters of the same periods.</summary>
    Plan[] PlanOf(string key, UsageNames names)
    {
        if (!_plans.TryGetValue(key, out var plans))
        {
            _plans[key] = plans =
            [
                .. _scopes.Find(names).GroupBy(i => _windows[i].Periods).Select(same => new Plan(
                    _windows[same.First()],
                    [.. same.Select(i => new BudgetKey(i, _windows[i].Budget.Each is { } each ? names.Of(each) ?? NameFilter.Unknown : ""))])),
            ];
        }

        return plans;
    }

    InstanceMeter FindMeter(BudgetKey key)
    {
        if (!_meters.TryGetValue(key, out var meter))
        {
            _meters[key] = meter = new InstanceMeter(_windows[key.Window], key.Instance);
        }

        return meter;
    }

    /// <summary>Budgets of the same periods that count the same usage: a thousand budgets have few different periods.</summary>
    sealed record Plan(BudgetWindow Window, BudgetKey[] Budgets);

    /// <summary>Usage that counts for the same budgets, added up once for all of them.</summary>
    sealed class Scope(Plan[] plans)
    {
        readonly PeriodSums[] _sums = [.. plans.Select(plan => new PeriodSums(plan.Window))];

        /// <summary>The budgets that it counts for.</summary>
        public IEnumerable<BudgetKey> Keys => plans.SelectMany(plan => plan.Budgets);

        public void Add(in UsageRow row, Money? estimate)
        {
            UsageTally tally = default;
            tally.Add(row, estimate);
            var ms = QuarterHour.StartMs(row.Quarter);
            foreach (var sums in _sums)
            {
                sums.Add(ms, tally);
            }
        }

        /// <summary>True if as much was added to it as to another one of the same budgets.</summary>
        public bool IsAs(Scope other)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                if (!_sums[i].IsAs(other._sums[i]))
                {
                    return false;
                }
            }

            return true;
        }

        public void HandTo(Func<BudgetKey, InstanceMeter?> find, Func<PeriodSums, PeriodSums, PeriodSums> join)
        {
            foreach (var (plan, sums) in plans.Zip(_sums))
            {
                foreach (var budget in plan.Budgets)
                {
                    find(budget)?.Add(sums, join);
                }
            }
        }
    }
}

/// <summary>One limit: a budget, and of one with `each` the agent, job, …; else empty.</summary>
/// <param name="Window">Its place in the file.</param>
/// <param name="Instance">Which instance.</param>
readonly record struct BudgetKey(int Window, string Instance);
