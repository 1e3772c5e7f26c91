using System.Runtime.InteropServices;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Adds up usage for many budgets at once: each row of the roll-up is looked at once.</summary>
/// <param name="budgets">Whose.</param>
/// <param name="calendar">Whose days.</param>
/// <param name="nowMs">The time.</param>
sealed class BudgetMeter(IReadOnlyList<BudgetSettings> budgets, LocalCalendar calendar, long nowMs)
{
    const long DayMs = 24L * 3_600_000;

    /// <summary>What comes late for a period that ended longer ago than this is counted, but nobody hears of it.</summary>
    const long LateMs = DayMs;

    readonly List<Window> _windows = [.. budgets.Select(budget => Window.Of(budget, calendar, nowMs))];
    readonly ScopeIndex _scopes = new([.. budgets.Select(budget => budget.Where)]);
    readonly Dictionary<(int Window, string Instance), Meter> _meters = [];
    readonly Dictionary<UsageNames, Meter[]> _metersOf = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, Meter[]> _metersOfKey = new(StringComparer.Ordinal);
    readonly Dimension[] _dimensions =
        [.. budgets.SelectMany(budget => budget.Where.Select(filter => filter.Dimension).Concat(budget.Each is { } each ? [each] : [])).Distinct()];

    /// <summary>The first moment of which usage is needed.</summary>
    public long FromMs => _windows.Select(window => window.FromMs).DefaultIfEmpty(nowMs).Min();

    /// <summary>True for a day since 1970, UTC, of which one sum will do: no period begins or ends in it.</summary>
    public bool IsWhole(int day) => !_windows.Any(window => window.Cuts(day * DayMs, (day + 1) * DayMs));

    public void Add(in UsageRow row)
    {
        var names = row.Names;
        if (!_metersOf.TryGetValue(names, out var meters))
        {
            // Many sessions and models, but few combinations of what the budgets ask for.
            var key = names.KeyOf(_dimensions);
            if (!_metersOfKey.TryGetValue(key, out meters))
            {
                _metersOfKey[key] = meters = [.. FindMeters(names)];
            }

            _metersOf[names] = meters;
        }

        var ms = QuarterHour.StartMs(row.Quarter);
        foreach (var meter in meters)
        {
            meter.Add(ms, row);
        }
    }

    /// <summary>How each budget stands, in the order of the file; of one with several instances the fullest first.</summary>
    /// <param name="earlier">A meter of the same periods that holds what came before.</param>
    public IReadOnlyList<BudgetStatus> Read(BudgetMeter earlier)
    {
        var instances = _meters.Keys.Concat(earlier._meters.Keys).ToHashSet();

        // A budget for all together is there before anything was used.
        instances.UnionWith(_windows.Index().Where(window => window.Item.Budget.Each is null).Select(window => (window.Index, "")));

        return
        [
            .. instances
                .SelectMany(key => new Meter(_windows[key.Window], key.Instance, [_meters.GetValueOrDefault(key), earlier._meters.GetValueOrDefault(key)])
                    .Read(nowMs).Select(status => (key.Window, status)))
                .OrderBy(pair => pair.Window).ThenByDescending(pair => pair.status.Share).ThenBy(pair => pair.status.Instance, StringComparer.Ordinal)
                .Select(pair => pair.status),
        ];
    }

    IEnumerable<Meter> FindMeters(UsageNames names)
    {
        foreach (var i in _scopes.Find(names))
        {
            var instance = _windows[i].Budget.Each is { } each ? names.Of(each) ?? NameFilter.Unknown : "";
            ref var meter = ref CollectionsMarshal.GetValueRefOrAddDefault(_meters, (i, instance), out _);

            yield return Made(ref meter, i, instance);
        }
    }

    Meter Made(ref Meter? meter, int window, string instance) => meter ??= new Meter(_windows[window], instance);

    /// <summary>From when on a budget needs usage, and where it cuts.</summary>
    sealed record Window(BudgetSettings Budget, PeriodBounds Now, PeriodBounds? Before, int? FirstDay)
    {
        public long FromMs => Math.Min(Math.Min(Now.StartMs, Before?.StartMs ?? long.MaxValue), FirstDay is { } day ? day * DayMs : long.MaxValue);

        public static Window Of(BudgetSettings budget, LocalCalendar calendar, long nowMs)
        {
            var now = PeriodBounds.At(budget.Period, calendar, nowMs);
            var hasForecast = !budget.Period.IsRolling && budget.Period.Span is not BudgetSpan.Hour;

            return new Window(
                budget,
                now,
                nowMs - now.StartMs < LateMs ? now.Before(budget.Period, calendar) : null,
                hasForecast ? (int)(nowMs / DayMs) - Forecast.MostDays : null);
        }

        public bool Cuts(long dayStart, long dayEnd) =>
            IsWithin(Now.StartMs, dayStart, dayEnd) || (Before is { } before && IsWithin(before.StartMs, dayStart, dayEnd));

        static bool IsWithin(long ms, long start, long end) => ms > start && ms < end;
    }

    /// <summary>What one instance of a budget comes to.</summary>
    sealed class Meter(Window window, string instance)
    {
        readonly AmountUnit _unit = window.Budget.Limit.Unit;
        readonly Tally[] _days = new Tally[window.FirstDay is null ? 0 : Forecast.MostDays];
        Tally _now, _before;

        /// <summary>Adds up meters of one instance.</summary>
        public Meter(Window window, string instance, IEnumerable<Meter?> parts)
            : this(window, instance)
        {
            foreach (var part in parts.OfType<Meter>())
            {
                _now.Add(part._now);
                _before.Add(part._before);
                for (var day = 0; day < _days.Length; day++)
                {
                    _days[day].Add(part._days[day]);
                }
            }
        }

        public void Add(long ms, in UsageRow row)
        {
            var tally = Tally.Of(row, _unit);
            if (ms >= window.Now.StartMs)
            {
                _now.Add(tally);
            }
            else if (window.Before is { } before && ms >= before.StartMs)
            {
                _before.Add(tally);
            }

            if (window.FirstDay is { } first && (int)(ms / DayMs) - first is >= 0 and var day && day < _days.Length)
            {
                _days[day].Add(tally);
            }
        }

        public IEnumerable<BudgetStatus> Read(long nowMs)
        {
            yield return Status(_now, window.Now, isBefore: false) with { Forecast = ForecastAt(nowMs) };

            if (window.Before is { } before && _before.Events > 0)
            {
                yield return Status(_before, before, isBefore: true);
            }
        }

        BudgetStatus Status(Tally tally, PeriodBounds bounds, bool isBefore) => new(
            window.Budget, instance, bounds, isBefore, tally.ValueIn(_unit), tally.Events,
            _unit is AmountUnit.Usd && window.Budget.Unpriced is UnpricedUsage.Count ? tally.Unpriced : 0);

        /// <summary>From UTC's days: which hours a day has does not matter to what four weeks say.</summary>
        Forecast? ForecastAt(long nowMs) => window.Now.EndMs is { } end && window.FirstDay is not null
            ? Forecast.Of(
                (double)_now.ValueIn(_unit), [.. _days.SkipWhile(day => day.Events == 0).Select(day => (double)day.ValueIn(_unit))],
                (double)(end - nowMs) / DayMs)
            : null;
    }

    /// <summary>As much of a total as a limit needs: there may be a thousand limits for each row.</summary>
    struct Tally
    {
        Int128 _value;

        public long Events { get; private set; }

        /// <summary>Responses without a price.</summary>
        public long Unpriced { get; private set; }

        public static Tally Of(in UsageRow row, AmountUnit unit)
        {
            var isPriced = row.CostClass is CostClass.Recorded or CostClass.ProviderBilled;

            return new Tally
            {
                Events = row.Counts.Events,
                Unpriced = isPriced || row.CostClass is CostClass.Idle ? 0 : row.Counts.Events,
                _value = unit switch
                {
                    AmountUnit.Usd => isPriced ? row.Cost.Billionths : 0,
                    AmountUnit.Tokens => row.Counts.Total,
                    AmountUnit.OutputTokens => row.Counts.Output,
                    _ => row.Counts.Events,
                },
            };
        }

        public void Add(in Tally other)
        {
            _value += other._value;
            Events += other.Events;
            Unpriced += other.Unpriced;
        }

        public readonly decimal ValueIn(AmountUnit unit) => unit is AmountUnit.Usd ? new Money(_value).Dollars : (decimal)_value;
    }
}
