using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>What one instance of a budget comes to.</summary>
/// <param name="window">The budget and its periods.</param>
/// <param name="instance">The agent, job, … of a budget with `each`; else empty.</param>
sealed class InstanceMeter(BudgetWindow window, string instance)
{
    readonly AmountUnit _unit = window.Budget.Limit.Unit;
    readonly UsageTally[] _days = new UsageTally[window.FirstDay is null ? 0 : Forecast.MostDays];
    UsageTally _now, _before;

    /// <summary>Adds up meters of one instance.</summary>
    public InstanceMeter(BudgetWindow window, string instance, IEnumerable<InstanceMeter?> parts)
        : this(window, instance)
    {
        foreach (var part in parts.OfType<InstanceMeter>())
        {
            _now.Add(part._now);
            _before.Add(part._before);
            for (var day = 0; day < _days.Length; day++)
            {
                _days[day].Add(part._days[day]);
            }
        }
    }

    /// <summary>Adds usage that began with a moment.</summary>
    public void Add(long ms, in UsageTally tally)
    {
        if (ms >= window.Now.StartMs)
        {
            _now.Add(tally);
        }
        else if (window.Before is { } before && ms >= before.StartMs)
        {
            _before.Add(tally);
        }

        if (window.FirstDay is { } first && (int)(ms / QuarterHour.DayMs) - first is >= 0 and var day && day < _days.Length)
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

    /// <summary>What has no price matters to dollars, and what was not measured to all but responses.</summary>
    BudgetStatus Status(UsageTally tally, PeriodBounds bounds, bool isBefore)
    {
        var isSaid = _unit is not AmountUnit.Usd || window.Budget.Unpriced is UnpricedUsage.Count;

        return new BudgetStatus(
            window.Budget, instance, bounds, isBefore, tally.ValueIn(_unit), tally.Events,
            isSaid && _unit is AmountUnit.Usd ? tally.Unpriced : 0)
        {
            UnmeasuredEvents = isSaid && _unit is not AmountUnit.Responses ? tally.Unmeasured : 0,
        };
    }

    /// <summary>From UTC's days: which hours a day has does not matter to what four weeks say.</summary>
    Forecast? ForecastAt(long nowMs) => window.Now.EndMs is { } end && window.FirstDay is not null
        ? Forecast.Of(
            (double)_now.ValueIn(_unit), [.. _days.SkipWhile(day => day.Events == 0).Select(day => (double)day.ValueIn(_unit))],
            (double)(end - nowMs) / QuarterHour.DayMs)
        : null;
}
