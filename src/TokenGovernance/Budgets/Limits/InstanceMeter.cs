using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>What one instance of a budget comes to.</summary>
/// <param name="window">The budget and its periods.</param>
/// <param name="instance">The agent, job, … of a budget with `each`; else empty.</param>
sealed class InstanceMeter(BudgetWindow window, string instance)
{
    readonly AmountUnit _unit = window.Budget.Limit.Unit;
    PeriodSums? _sums;

    /// <summary>Adds usage of the same periods.</summary>
    /// <param name="sums">The usage; it does not change any more.</param>
    /// <param name="join">Makes one of two: many budgets count the same usage.</param>
    public void Add(PeriodSums sums, Func<PeriodSums, PeriodSums, PeriodSums> join) => _sums = _sums is null ? sums : join(_sums, sums);

    /// <summary>How the budget stands, and how it stood in the period before, as long as somebody would hear of it.</summary>
    /// <param name="earlier">A meter of the same instance that holds what came before; NULL: nothing did.</param>
    /// <param name="nowMs">The time.</param>
    public BudgetStatus[] Read(InstanceMeter? earlier, long nowMs)
    {
        var (now, past) = (_sums?.Now ?? default, _sums?.Before ?? default);
        if (earlier?._sums is { } sums)
        {
            now.Add(sums.Now);
            past.Add(sums.Before);
        }

        var status = Status(now, window.Now, isBefore: false, ForecastAt(now, earlier, nowMs));

        return window.Before is { } before && past.Events > 0 ? [status, Status(past, before, isBefore: true, forecast: null)] : [status];
    }

    /// <summary>What has no price matters to dollars, and what was not measured to all but responses.</summary>
    BudgetStatus Status(in UsageTally tally, PeriodBounds bounds, bool isBefore, Forecast? forecast)
    {
        var (isSaid, isEstimated) = (_unit is not AmountUnit.Usd || window.Budget.Unpriced is not UnpricedUsage.Ignore, window.Budget.IsEstimated);

        return new BudgetStatus(
            window.Budget, instance, bounds, isBefore, tally.ValueIn(_unit, isEstimated), tally.Events,
            isSaid && _unit is AmountUnit.Usd ? (isEstimated ? tally.Inestimable : tally.Unpriced) : 0)
        {
            UnmeasuredEvents = isSaid && _unit is not AmountUnit.Responses ? tally.Unmeasured : 0,
            Estimated = isEstimated ? tally.Estimated : 0,
            Forecast = forecast,
        };
    }

    /// <summary>From UTC's days: which hours a day has does not matter to what four weeks say.</summary>
    Forecast? ForecastAt(UsageTally now, InstanceMeter? earlier, long nowMs)
    {
        if (window.Now.EndMs is not { } end || window.FirstDay is null)
        {
            return null;
        }

        Span<double> values = stackalloc double[Forecast.MostDays];
        var count = 0;
        for (var day = 0; day < Forecast.MostDays; day++)
        {
            var tally = DayOf(day);
            if (earlier is not null)
            {
                tally.Add(earlier.DayOf(day));
            }

            // Days before the first usage are not days without usage.
            if (count > 0 || tally.Events > 0)
            {
                values[count++] = (double)tally.ValueIn(_unit, window.Budget.IsEstimated);
            }
        }

        return Forecast.Of((double)now.ValueIn(_unit, window.Budget.IsEstimated), values[..count], (double)(end - nowMs) / QuarterHour.DayMs);
    }

    UsageTally DayOf(int day) => _sums is { Days: { Length: > 0 } days } ? days[day] : default;
}
