using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>A span of time, and the one before it that it is compared with.</summary>
/// <param name="Now">The span.</param>
/// <param name="Before">Of the one before, the part that has elapsed of this one; all of it if this one is over.</param>
/// <param name="EndMs">Where the span ends, which may be in the future; ms since 1970.</param>
/// <param name="IsUnfinished">It is not over yet.</param>
readonly record struct PeriodPair(TimeRange Now, TimeRange Before, long EndMs, bool IsUnfinished)
{
    /// <summary>Finds the span before another: of a month the month before, of some days as many days before, else as much time.</summary>
    /// <param name="calendar">Whose days.</param>
    /// <param name="range">The span. Without an end it reaches to the end of today.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="isWhole">Compare with all of the span before, however much of this one has elapsed.</param>
    /// <returns>NULL: it has no beginning, or begins in the future.</returns>
    public static PeriodPair? Of(LocalCalendar calendar, TimeRange range, long nowMs, bool isWhole = false)
    {
        if (range.FromMs is not { } from || from > nowMs)
        {
            return null;
        }

        var firstDay = calendar.DayOf(from);
        var isDays = calendar.StartOf(firstDay) == from;
        var end = range.BeforeMs ?? (isDays ? calendar.StartOf(calendar.DayOf(nowMs).AddDays(1)) : nowMs);
        var endDay = calendar.DayOf(end);
        isDays = isDays && calendar.StartOf(endDay) == end;

        long Shift(long ms) => !isDays ? ms - (end - from)
            : firstDay.Day == 1 && endDay == firstDay.AddMonths(1)
                ? Math.Min(from, calendar.MomentOf(firstDay.AddMonths(-1).ToDateTime(TimeOnly.MinValue) + (calendar.TimeAt(ms) - calendar.TimeAt(from))))
                : calendar.MomentOf(calendar.TimeAt(ms).AddDays(firstDay.DayNumber - endDay.DayNumber));

        var isUnfinished = end > nowMs;
        var before = new TimeRange(Shift(from), isUnfinished && !isWhole ? Shift(nowMs) : from);

        return new PeriodPair(range, before, end, isUnfinished);
    }
}
