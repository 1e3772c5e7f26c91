using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Limits;

/// <summary>From when on a budget needs usage, and where it cuts.</summary>
/// <param name="Budget">Whose.</param>
/// <param name="Now">The period that the moment is in.</param>
/// <param name="Before">The one before, as long as somebody would hear of it.</param>
/// <param name="FirstDay">The first of the days, since 1970, UTC, that a forecast is made from; NULL: there is none.</param>
sealed record BudgetWindow(BudgetSettings Budget, PeriodBounds Now, PeriodBounds? Before, int? FirstDay)
{
    /// <summary>What comes late for a period that ended longer ago than this is counted, but nobody hears of it.</summary>
    const long LateMs = QuarterHour.DayMs;

    /// <summary>The same for budgets that differ in everything but their periods.</summary>
    public (PeriodBounds Now, PeriodBounds? Before, int? FirstDay) Periods => (Now, Before, FirstDay);

    public long FromMs => Math.Min(Math.Min(Now.StartMs, Before?.StartMs ?? long.MaxValue), FirstDay is { } day ? day * QuarterHour.DayMs : long.MaxValue);

    public static BudgetWindow Of(BudgetSettings budget, LocalCalendar calendar, long nowMs)
    {
        var now = PeriodBounds.At(budget.Period, calendar, nowMs);
        var hasForecast = !budget.Period.IsRolling && budget.Period.Span is not BudgetSpan.Hour;

        return new BudgetWindow(
            budget,
            now,
            nowMs - now.StartMs < LateMs ? now.Before(budget.Period, calendar) : null,
            hasForecast ? (int)(nowMs / QuarterHour.DayMs) - Forecast.MostDays : null);
    }

    /// <summary>Returns the moments within a span at which a period begins.</summary>
    public IEnumerable<long> CutsIn(long startMs, long endMs)
    {
        if (Now.StartMs > startMs && Now.StartMs < endMs)
        {
            yield return Now.StartMs;
        }

        if (Before is { } before && before.StartMs > startMs && before.StartMs < endMs)
        {
            yield return before.StartMs;
        }
    }
}
