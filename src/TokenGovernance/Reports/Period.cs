using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Reads the bounds of a report as people write them.</summary>
sealed class Period(TimeZoneInfo zone, DateTimeOffset now)
{
    public const string Forms = "7d, 2w, 24h, today, yesterday, 2026-11, 2026-11-01 or 2026-11-01T08:00";

    const int MaxCount = 36_500;

    readonly LocalCalendar _calendar = new(zone);

    /// <summary>Reads a bound in ms since 1970; NULL if it is none.</summary>
    /// <param name="text">`7d` is today and the six days before; a day or month as an end is its last moment.</param>
    /// <param name="isEnd">It is the last day that belongs to the report, or the moment before which it ends.</param>
    public long? Parse(string text, bool isEnd)
    {
        text = text.Trim().ToLowerInvariant();
        var today = _calendar.DayOf(now.ToUnixTimeMilliseconds());
        try
        {
            return text switch
            {
                "today" => Bound(today, today, isEnd),
                "yesterday" => Bound(today.AddDays(-1), today.AddDays(-1), isEnd),
                _ => ParseSpan(text, today, isEnd) ?? ParseCalendar(text, isEnd) ?? ParseMoment(text),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            // Before the year 1 or beyond 9999.
            return null;
        }
    }

    /// <summary>The first moment of the local month.</summary>
    public long ThisMonth()
    {
        var today = _calendar.DayOf(now.ToUnixTimeMilliseconds());

        return _calendar.StartOf(new DateOnly(today.Year, today.Month, 1));
    }

    long Bound(DateOnly first, DateOnly last, bool isEnd) => _calendar.StartOf(isEnd ? last.AddDays(1) : first);

    long? ParseSpan(string text, DateOnly today, bool isEnd)
    {
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxCount)
        {
            return null;
        }

        // Hours go back from the quarter-hour that has begun.
        return text[^1] switch
        {
            'h' => QuarterHour.StartMs(QuarterHour.Of(now.ToUnixTimeMilliseconds())) - (count * 4 * QuarterHour.Ms),
            'd' when count > 0 => Bound(today.AddDays(1 - count), today.AddDays(-count), isEnd),
            'w' when count > 0 => Bound(today.AddDays(1 - (7 * count)), today.AddDays(-7 * count), isEnd),
            _ => null,
        };
    }

    long? ParseCalendar(string text, bool isEnd)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Bound(day, day, isEnd);
        }

        return DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? Bound(month, month.AddMonths(1).AddDays(-1), isEnd)
            : null;
    }

    /// <summary>With an offset it is that moment, without one the time on a wall of the zone.</summary>
    long? ParseMoment(string text)
    {
        if (!text.Contains('t', StringComparison.Ordinal)
            || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
        {
            return null;
        }

        return time.Kind is DateTimeKind.Unspecified ? _calendar.MomentOf(time) : new DateTimeOffset(time).ToUnixTimeMilliseconds();
    }
}
