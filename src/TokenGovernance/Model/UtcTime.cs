using System.Globalization;

namespace TokenGovernance.Model;

/// <summary>Milliseconds since 1970 to and from `YYYY-MM-DDTHH:MM:SS.fffZ`, the one form in which times are stored.</summary>
static class UtcTime
{
    public const int TextLength = 24;

    const long MinMs = -62_135_596_800_000;
    const long MaxMs = 253_402_300_799_999;

    /// <summary>True for an instant of the years 1 to 9999.</summary>
    public static bool IsValid(long ms) => ms is >= MinMs and <= MaxMs;

    public static string Format(long ms) => string.Create(TextLength, ms, static (span, value) => Write(value, span));

    public static string Format(DateTimeOffset time) => Format(time.ToUnixTimeMilliseconds());

    /// <summary>Writes the 24 ASCII characters of a time.</summary>
    public static void Write(long ms, Span<byte> target)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime
            .TryFormat(target, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads ISO 8601 as OpenClaw and people write it, to the millisecond; no offset means UTC.</summary>
    public static bool TryParse(string? text, out long ms)
    {
        ms = 0;
        if (!DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return false;
        }

        ms = time.ToUnixTimeMilliseconds();

        return true;
    }

    static void Write(long ms, Span<char> target)
    {
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime
            .TryFormat(target, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }
}
