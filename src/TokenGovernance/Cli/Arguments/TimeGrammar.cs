using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Reads bounds of time as people write them: one grammar for every verb.</summary>
/// <param name="zone">Whose days, weeks and months.</param>
/// <param name="now">The time that `today` and `7d` count from.</param>
sealed class TimeGrammar(TimeZoneInfo zone, DateTimeOffset now)
{
    public const string Forms =
        "7d, 2w, 24h, today, yesterday, this-week, last-week, this-month, last-month, 2026-11, 2026-W45, 2026-11-01 or 2026-11-01T08:00";

    const int MaxCount = 36_500;

    static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];
    static readonly string[] OffsetFormats = [.. LocalFormats.Select(format => format + "K")];

    readonly LocalCalendar _calendar = new(zone);

    /// <summary>The words that name a period.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["today", "yesterday", "this-week", "last-week", "this-month", "last-month"];

    /// <summary>Reads a day, week, month, length of time or instant; NULL if the text is none of them.</summary>
    public Interval? Parse(string text)
    {
        var today = _calendar.DayOf(now.ToUnixTimeMilliseconds());
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var first = new DateOnly(today.Year, today.Month, 1);
        try
        {
            return text.ToLowerInvariant() switch
            {
                "today" or "day" => Days(today, 1),
                "yesterday" => Days(today.AddDays(-1), 1),
                "this-week" or "week" => Days(monday, 7),
                "last-week" => Days(monday.AddDays(-7), 7),
                "this-month" or "month" => Month(first),
                "last-month" => Month(first.AddMonths(-1)),
                var word => ParseLength(word, today) ?? ParseCalendar(text) ?? ParseInstant(text),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            // Before the year 1 or after 9999.
            return null;
        }
    }

    Interval Days(DateOnly first, int count) => new(_calendar.StartOf(first), _calendar.StartOf(first.AddDays(count)));

    Interval Month(DateOnly first) => new(_calendar.StartOf(first), _calendar.StartOf(first.AddMonths(1)));

    Interval? ParseLength(string text, DateOnly today)
    {
        if (text.Length < 2
            || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxCount)
        {
            return null;
        }

        return text[^1] switch
        {
            // Hours go back from the quarter-hour that has begun: usage is added up by quarter-hours.
            'h' => Interval.Back(QuarterHour.StartMs(QuarterHour.Of(now.ToUnixTimeMilliseconds())) - (count * 4 * QuarterHour.Ms)),
            'd' => Interval.Back(_calendar.StartOf(today.AddDays(1 - count))),
            'w' => Interval.Back(_calendar.StartOf(today.AddDays(1 - (7 * count)))),
            _ => null,
        };
    }

    Interval? ParseCalendar(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return Days(day, 1);
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            return Month(month);
        }

        return text.Length == 8 && text[4..6] is "-W" or "-w"
            && int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year > 0
            && int.TryParse(text[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var week)
            && week > 0 && week <= ISOWeek.GetWeeksInYear(year)
            ? Days(DateOnly.FromDateTime(ISOWeek.ToDateTime(year, week, DayOfWeek.Monday)), 7)
            : null;
    }

    /// <summary>With an offset it is that instant, without one the time that a clock in the zone shows.</summary>
    Interval? ParseInstant(string text)
    {
        if (DateTime.TryParseExact(text, LocalFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return Interval.At(_calendar.MomentOf(local));
        }

        return DateTimeOffset.TryParseExact(text, OffsetFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? Interval.At(time.ToUnixTimeMilliseconds())
            : null;
    }
}

/// <summary>What a text of the time grammar means, in ms since 1970.</summary>
/// <param name="FromMs">Where it begins.</param>
/// <param name="BeforeMs">Where it ends; an instant and a length end where they begin.</param>
/// <param name="IsLength">It is a length of time that reaches up to now, such as `7d`.</param>
readonly record struct Interval(long FromMs, long BeforeMs, bool IsLength = false)
{
    public static Interval At(long ms) => new(ms, ms);

    public static Interval Back(long ms) => new(ms, ms, IsLength: true);
}
