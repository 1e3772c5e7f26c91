using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Which sums of a day of UTC will do: one of all of it, one before and one after a quarter-hour, or one of each hour or quarter-hour.</summary>
/// <param name="Step">Quarter-hours of each sum; 0: as long as they can be.</param>
/// <param name="At">The quarter-hour of the day that the second sum begins with; 0: there is one.</param>
readonly record struct DayCut(int Step, int At)
{
    const int QuartersOfHour = 4;

    /// <summary>One sum of all of the day.</summary>
    public static readonly DayCut Whole;

    public static readonly DayCut EachHour = new(QuartersOfHour, 0);

    public static readonly DayCut EachQuarter = new(1, 0);

    /// <summary>Finds where a day has to be cut so that each sum is of one span, such as a local day.</summary>
    /// <param name="day">The day, counted since 1970, UTC.</param>
    /// <param name="spanOf">The number of the span that a quarter-hour is in; spans are not interrupted.</param>
    public static DayCut Of(int day, Func<int, int?> spanOf)
    {
        if (day == QuarterHour.Unknown)
        {
            return Whole;
        }

        var first = day * QuarterHour.PerDay;
        var (span, last) = (spanOf(first), spanOf(first + QuarterHour.PerDay - 1));
        if (span == last)
        {
            return Whole;
        }

        var (same, other) = (0, QuarterHour.PerDay - 1);
        while (other - same > 1)
        {
            var middle = (same + other) / 2;
            (same, other) = spanOf(first + middle) == span ? (middle, other) : (same, middle);
        }

        return spanOf(first + other) == last ? new DayCut(0, other) : EachQuarter;
    }
}
