using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>What one instance of a budget comes to.</summary>
/// <param name="window">The budget and its periods.</param>
/// <param name="instance">The agent, job, … of a budget with `each`; else empty.</param>
sealed class InstanceMeter(BudgetWindow window, string instance)
{
    readonly AmountUnit _unit = window.Budget.Limit.Unit;
    readonly PeriodSums _sums = new(window);

    /// <summary>Adds usage of the same periods.</summary>
    public void Add(PeriodSums sums) => _sums.Add(sums);

    /// <summary>How the budget stands, and how it stood in the period before, as long as somebody would hear of it.</summary>
    /// <param name="earlier">A meter of the same instance that holds what came before; NULL: nothing did.</param>
    /// <param name="nowMs">The time.</param>
    public IEnumerable<BudgetStatus> Read(InstanceMeter? earlier, long nowMs)
    {
        var (now, past) = (_sums.Now, _sums.Before);
        if (earlier is not null)
        {
            now.Add(earlier._sums.Now);
            past.Add(earlier._sums.Before);
        }

        yield return Status(now, window.Now, isBefore: false) with { Forecast = ForecastAt(now, _sums.DaysWith(earlier?._sums), nowMs) };

        if (window.Before is { } before && past.Events > 0)
        {
            yield return Status(past, before, isBefore: true);
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
    Forecast? ForecastAt(UsageTally now, ReadOnlySpan<UsageTally> days, long nowMs)
    {
        if (window.Now.EndMs is not { } end || window.FirstDay is null)
        {
            return null;
        }

        var first = 0;
        while (first < days.Length && days[first].Events == 0)
        {
            first++;
        }

        var values = new double[days.Length - first];
        for (var day = first; day < days.Length; day++)
        {
            values[day - first] = (double)days[day].ValueIn(_unit);
        }

        return Forecast.Of((double)now.ValueIn(_unit), values, (double)(end - nowMs) / QuarterHour.DayMs);
    }
}
