using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Maps quarter-hours of UTC to days, weeks, months and hours of a time zone.</summary>
sealed class LocalCalendar(TimeZoneInfo zone)
{
    /// <summary>The span that a quarter-hour is in, with its chronological order.</summary>
    public DimensionValue Place(Dimension dimension, int quarter)
    {
        if (quarter == QuarterHour.Unknown)
        {
            return new DimensionValue(null, null, long.MinValue);
        }

        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(QuarterHour.StartMs(quarter)), zone);
        var day = DateOnly.FromDateTime(local.DateTime);

        return dimension switch
        {
            Dimension.Day => new DimensionValue(Text(day), null, day.DayNumber),
            Dimension.Week => PlaceWeek(day),
            Dimension.Month => new DimensionValue(day.ToString("yyyy-MM", CultureInfo.InvariantCulture), null, (day.Year * 12) + day.Month),
            Dimension.Hour => PlaceHour(local),
            Dimension.Weekday => new DimensionValue(day.DayOfWeek.ToString(), null, ((int)day.DayOfWeek + 6) % 7),
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "no span of time"),
        };
    }

    /// <summary>The local day of a quarter-hour.</summary>
    public DateOnly DayOf(int quarter) => DayOf(QuarterHour.StartMs(quarter));

    /// <summary>The local day of a moment.</summary>
    public DateOnly DayOf(long ms) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).DateTime);

    /// <summary>Which sums of a day of UTC, counted since 1970, are each of one local day.</summary>
    public DayCut CutOf(int day) => DayCut.Of(day, quarter => DayOf(quarter).DayNumber);

    /// <summary>True if the zone's hours are those of UTC on a day of UTC, counted since 1970.</summary>
    public bool HasWholeHours(int day)
    {
        bool IsWhole(int at) => zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(at * QuarterHour.DayMs)).Ticks % TimeSpan.TicksPerHour == 0;

        return IsWhole(day) && IsWhole(day + 1);
    }

    /// <summary>What clocks of the zone show at a moment.</summary>
    public DateTime TimeAt(long ms) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).DateTime;

    /// <summary>The first instant of a day, in ms since 1970; where the clock skips midnight, the next quarter-hour that exists.</summary>
    public long StartOf(DateOnly day) => MomentOf(day.ToDateTime(TimeOnly.MinValue));

    /// <summary>True for one week from Monday on, or one month.</summary>
    /// <param name="range">With both bounds.</param>
    public bool IsWeekOrMonth(TimeRange range)
    {
        var (first, end) = (DayOf(range.FromMs!.Value), DayOf(range.BeforeMs!.Value));

        return range == new TimeRange(StartOf(first), StartOf(end))
            && ((first.Day == 1 && end == first.AddMonths(1)) || (first.DayOfWeek == DayOfWeek.Monday && end == first.AddDays(7)));
    }

    /// <summary>The instant at which clocks of the zone show a time, in ms since 1970; the first if they show it twice.</summary>
    public long MomentOf(DateTime local)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(15 - (local.Minute % 15)).AddSeconds(-local.Second);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);

        return new DateTimeOffset(local, offset).ToUnixTimeMilliseconds();
    }

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Weeks of ISO 8601: they begin on Monday, and the first has the year's first Thursday.</summary>
    static DimensionValue PlaceWeek(DateOnly day)
    {
        var date = day.ToDateTime(TimeOnly.MinValue);
        var name = string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(date):0000}-W{ISOWeek.GetWeekOfYear(date):00}");

        return new DimensionValue(name, null, (day.DayNumber + 7) / 7);
    }

    /// <summary>With its offset, because an hour repeats when clocks are set back.</summary>
    static DimensionValue PlaceHour(DateTimeOffset local)
    {
        var hour = new DateTimeOffset(local.Year, local.Month, local.Day, local.Hour, 0, 0, local.Offset);

        return new DimensionValue(hour.ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture), null, hour.ToUnixTimeMilliseconds());
    }
}

/// <summary>The value of one dimension in a row.</summary>
/// <param name="Id">The value that events are grouped by; NULL is unknown.</param>
/// <param name="Label">A readable name, if it is not the id.</param>
/// <param name="Order">Chronological order; 0 for names.</param>
readonly record struct DimensionValue(string? Id, string? Label, long Order);
