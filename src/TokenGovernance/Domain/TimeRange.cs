using System.Globalization;

namespace TokenGovernance.Domain;

/// <summary>A span of time in ms since 1970, UTC; NULL is open.</summary>
/// <param name="FromMs">The first moment that belongs to it.</param>
/// <param name="BeforeMs">The first moment that does not.</param>
readonly record struct TimeRange(long? FromMs, long? BeforeMs)
{
    /// <summary>Reads a bound: a UTC day (`2026-11-01`) or an instant (`2026-11-01T08:00:00Z`).</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="isEnd">It is the last day that belongs to the span, or the instant before which it ends.</param>
    public static long? ParseBound(string text, bool isEnd)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

            return isEnd ? start + (long)TimeSpan.FromDays(1).TotalMilliseconds : start;
        }

        return UtcTime.TryParse(text, out var ms) ? ms : null;
    }
}
