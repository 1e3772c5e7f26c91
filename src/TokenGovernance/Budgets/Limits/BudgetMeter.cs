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
    readonly Dictionary<(int Window, string Instance), InstanceMeter> _meters = [];
    readonly Dictionary<UsageNames, Scope> _scopesOf = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, Scope> _scopesOfKey = new(StringComparer.Ordinal);
    readonly Dictionary<string, Plan[]> _plans = new(StringComparer.Ordinal);

    /// <param name="budgets">Whose.</param>
    /// <param name="calendar">Whose days.</param>
    /// <param name="nowMs">The time: right for all of its quarter of an hour.</param>
    public BudgetMeter(IReadOnlyList<BudgetSettings> budgets, LocalCalendar calendar, long nowMs)
    {
        _windows = [.. budgets.Select(budget => BudgetWindow.Of(budget, calendar, nowMs))];
        _scopes = new ScopeIndex([.. budgets.Select(budget => budget.Where)]);
        _dimensions =
            [.. budgets.SelectMany(budget => budget.Where.Select(filter => filter.Dimension).Concat(budget.Each is { } each ? [each] : [])).Distinct()];
        FromMs = _windows.Select(window => window.FromMs).DefaultIfEmpty(nowMs).Min();
    }

    /// <summary>An empty one for the same budgets and the same quarter of an hour.</summary>
    public BudgetMeter(BudgetMeter like) =>
        (_windows, _scopes, _dimensions, _plans, FromMs) = (like._windows, like._scopes, like._dimensions, like._plans, like.FromMs);

    /// <summary>The first moment of which usage is needed.</summary>
    public long FromMs { get; }

    /// <summary>True for a day since 1970, UTC, of which one sum will do: no period begins or ends in it.</summary>
    public bool IsWhole(int day) => !_windows.Any(window => window.Cuts(day * QuarterHour.DayMs, (day + 1) * QuarterHour.DayMs));

    /// <summary>Adds usage, in the order of time.</summary>
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

        scope.Add(row);
    }

    /// <summary>How each budget stands, in the order of the file; of one with several instances the fullest first.</summary>
    /// <param name="earlier">A meter of the same periods that holds what came before.</param>
    /// <param name="nowMs">The time.</param>
    public IReadOnlyList<BudgetStatus> Read(BudgetMeter earlier, long nowMs)
    {
        earlier.Settle();
        Settle();
        var instances = _meters.Keys.Concat(earlier._meters.Keys).ToHashSet();

        // A budget for all together is there before anything was used.
        instances.UnionWith(_windows.Index().Where(window => window.Item.Budget.Each is null).Select(window => (window.Index, "")));

        return
        [
            .. instances
                .SelectMany(key => FindMeter(key).Read(earlier._meters.GetValueOrDefault(key), nowMs).Select(status => (key.Window, status)))
                .OrderBy(pair => pair.Window).ThenByDescending(pair => pair.status.Share).ThenBy(pair => pair.status.Instance, StringComparer.Ordinal)
                .Select(pair => pair.status),
        ];
    }

    /// <summary>Hands what was added to the budgets that it counts for.</summary>
    void Settle()
    {
        foreach (var scope in _scopesOfKey.Values)
        {
            scope.HandTo(FindMeter);
        }

        // Names belong to one look.
        _scopesOf.Clear();
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
                    [.. same.Select(i => (i, _windows[i].Budget.Each is { } each ? names.Of(each) ?? NameFilter.Unknown : ""))])),
            ];
        }

        return plans;
    }

    InstanceMeter FindMeter((int Window, string Instance) key)
    {
        if (!_meters.TryGetValue(key, out var meter))
        {
            _meters[key] = meter = new InstanceMeter(_windows[key.Window], key.Instance);
        }

        return meter;
    }

    /// <summary>Budgets of the same periods that count the same usage: a thousand budgets have few different periods.</summary>
    sealed record Plan(BudgetWindow Window, (int Window, string Instance)[] Budgets);

    /// <summary>Usage that counts for the same budgets, added up once for all of them.</summary>
    sealed class Scope(Plan[] plans)
    {
        readonly PeriodSums[] _sums = [.. plans.Select(plan => new PeriodSums(plan.Window))];

        public void Add(in UsageRow row)
        {
            UsageTally tally = default;
            tally.Add(row);
            var ms = QuarterHour.StartMs(row.Quarter);
            foreach (var sums in _sums)
            {
                sums.Add(ms, tally);
            }
        }

        public void HandTo(Func<(int Window, string Instance), InstanceMeter> find)
        {
            foreach (var (plan, sums) in plans.Zip(_sums))
            {
                foreach (var budget in plan.Budgets)
                {
                    find(budget).Add(sums);
                }

                sums.Clear();
            }
        }
    }
}
