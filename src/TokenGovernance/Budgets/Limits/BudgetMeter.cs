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
    readonly Dictionary<(int Window, string Instance), InstanceMeter> _meters = [];
    readonly Dictionary<UsageNames, Scope> _scopesOf = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, Scope> _scopesOfKey = new(StringComparer.Ordinal);

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
        (_windows, _scopes, _dimensions, FromMs) = (like._windows, like._scopes, like._dimensions, like.FromMs);

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
                _scopesOfKey[key] = scope = new Scope(row.Names);
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
                .SelectMany(key => MeterOf(key, earlier).Read(nowMs).Select(status => (key.Window, status)))
                .OrderBy(pair => pair.Window).ThenByDescending(pair => pair.status.Share).ThenBy(pair => pair.status.Instance, StringComparer.Ordinal)
                .Select(pair => pair.status),
        ];
    }

    InstanceMeter MeterOf((int Window, string Instance) key, BudgetMeter earlier) =>
        (_meters.GetValueOrDefault(key), earlier._meters.GetValueOrDefault(key)) switch
        {
            ({ } now, null) => now,
            (null, { } before) => before,
            var (now, before) => new InstanceMeter(_windows[key.Window], key.Instance, [before, now]),
        };

    /// <summary>Hands what was added to the budgets that it counts for.</summary>
    void Settle()
    {
        foreach (var scope in _scopesOfKey.Values)
        {
            scope.HandTo(scope.Meters ??= [.. FindMeters(scope.Names)]);
        }

        // Names belong to one look.
        _scopesOf.Clear();
    }

    IEnumerable<InstanceMeter> FindMeters(UsageNames names)
    {
        foreach (var i in _scopes.Find(names))
        {
            var instance = _windows[i].Budget.Each is { } each ? names.Of(each) ?? NameFilter.Unknown : "";
            ref var meter = ref CollectionsMarshal.GetValueRefOrAddDefault(_meters, (i, instance), out _);

            yield return Made(ref meter, i, instance);
        }
    }

    InstanceMeter Made(ref InstanceMeter? meter, int window, string instance) => meter ??= new InstanceMeter(_windows[window], instance);

    /// <summary>Usage that counts for the same budgets, by quarter-hour or day.</summary>
    sealed class Scope(UsageNames names)
    {
        readonly List<(long Ms, UsageTally Tally)> _spans = [];

        public UsageNames Names { get; } = names;

        public InstanceMeter[]? Meters { get; set; }

        public void Add(in UsageRow row)
        {
            var ms = QuarterHour.StartMs(row.Quarter);
            if (_spans.Count == 0 || _spans[^1].Ms != ms)
            {
                _spans.Add((ms, default));
            }

            CollectionsMarshal.AsSpan(_spans)[^1].Tally.Add(row);
        }

        public void HandTo(InstanceMeter[] meters)
        {
            foreach (ref var span in CollectionsMarshal.AsSpan(_spans))
            {
                foreach (var meter in meters)
                {
                    meter.Add(span.Ms, span.Tally);
                }
            }

            _spans.Clear();
        }
    }
}
