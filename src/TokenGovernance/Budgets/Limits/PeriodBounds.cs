using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets.Limits;

/// <summary>One period of a budget, in ms since 1970.</summary>
/// <param name="StartMs">Its first moment; of a rolling one a whole quarter of an hour.</param>
/// <param name="EndMs">The first moment after it; NULL: it rolls and has no end.</param>
readonly record struct PeriodBounds(long StartMs, long? EndMs)
{
    const long HourMs = 3_600_000;

    /// <summary>The period that a moment is in, by the clock on the wall: a day may have 23 or 25 hours.</summary>
    public static PeriodBounds At(BudgetPeriod period, LocalCalendar calendar, long ms)
    {
        var day = calendar.DayOf(ms);

        return period.Span switch
        {
            BudgetSpan.Hour => HourAt(calendar, ms),
            BudgetSpan.Day => Days(calendar, day, 1),
            BudgetSpan.Week => Days(calendar, day.AddDays(-(((int)day.DayOfWeek + 6) % 7)), 7),
            BudgetSpan.Month => Between(calendar, new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, 1).AddMonths(1)),
            _ => new PeriodBounds(QuarterHour.StartMs(QuarterHour.Of(ms - (period.Hours * HourMs))), null),
        };
    }

    /// <summary>The period before this one; a rolling one has none.</summary>
    public PeriodBounds? Before(BudgetPeriod period, LocalCalendar calendar) => period.IsRolling ? null : At(period, calendar, StartMs - 1);

    static PeriodBounds Days(LocalCalendar calendar, DateOnly first, int count) => Between(calendar, first, first.AddDays(count));

    static PeriodBounds Between(LocalCalendar calendar, DateOnly first, DateOnly end) => new(calendar.StartOf(first), calendar.StartOf(end));

    /// <summary>Hours are as long everywhere, and begin with the local clock's; in autumn one comes twice and is two.</summary>
    static PeriodBounds HourAt(LocalCalendar calendar, long ms)
    {
        var sinceMidnight = ms - calendar.StartOf(calendar.DayOf(ms));
        var start = ms - (sinceMidnight % HourMs);

        return new PeriodBounds(start, start + HourMs);
    }
}
