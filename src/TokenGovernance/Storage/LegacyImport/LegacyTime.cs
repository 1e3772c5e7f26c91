using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>Reads times as the original stored them: whatever stood in the transcript, or Python's ISO text with microseconds.</summary>
static class LegacyTime
{
    // Seconds since 1970 reach this in the year 5138, milliseconds did in 1973.
    const long LeastMs = 100_000_000_000;

    /// <summary>Milliseconds since 1970, or NULL if it is no time.</summary>
    public static long? Parse(string? text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15)
        {
            var ms = number >= LeastMs ? (long)number : (long)(number * 1000);

            return UtcTime.IsValid(ms) ? ms : null;
        }

        return UtcTime.TryParse(text, out var parsed) ? parsed : null;
    }

    /// <summary>The same as text in our one form.</summary>
    public static string? Normalise(string? text) => Parse(text) is { } ms ? UtcTime.Format(ms) : null;
}
