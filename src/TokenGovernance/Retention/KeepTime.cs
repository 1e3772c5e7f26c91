using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Retention;

/// <summary>For how long single responses are kept: a number of days, weeks, months or years.</summary>
/// <param name="Count">How many.</param>
/// <param name="Unit">`d`, `w`, `mo` or `y`.</param>
readonly record struct KeepTime(int Count, string Unit)
{
    /// <summary>So long they are kept at least: budgets, forecasts and runaways look back as far.</summary>
    public const int LeastDays = 62;

    /// <summary>A year, and the same month a year ago to compare with: what is looked at where nothing else is said.</summary>
    public static readonly KeepTime Usual = new(13, "mo");

    public const string Forms = "400d, 60w, 13mo or 2y";

    const int MaxCount = 36_500;

    static readonly string[] Units = ["mo", "d", "w", "y"];

    /// <summary>Reads one; NULL if the text is none.</summary>
    public static KeepTime? Parse(string text)
    {
        var unit = Array.Find(Units, name => text.EndsWith(name, StringComparison.OrdinalIgnoreCase));

        return unit is not null && int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MaxCount
            ? new KeepTime(count, unit)
            : null;
    }

    /// <summary>The first moment that is kept, in ms since 1970: a midnight, UTC.</summary>
    /// <returns>NULL if it would not be kept for <see cref="LeastDays" />.</returns>
    public long? FloorMs(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var first = First(today);

        return first > today.AddDays(-LeastDays) ? null : (first.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * QuarterHour.DayMs;
    }

    /// <summary>As <see cref="FloorMs" />, and says what is wrong.</summary>
    /// <exception cref="UserFacingException">It is not long enough.</exception>
    public long RequireLong(DateTimeOffset now) => FloorMs(now) ?? throw new UserFacingException(
        $"{this} is too short: single responses are kept for {LeastDays} days at least. Budgets, forecasts and the search for runaways look back as far.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}{Unit}");

    DateOnly First(DateOnly today)
    {
        try
        {
            return Unit switch
            {
                "d" => today.AddDays(-Count),
                "w" => today.AddDays(-7 * Count),
                "mo" => today.AddMonths(-Count),
                _ => today.AddYears(-Count),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateOnly.MinValue;
        }
    }
}
