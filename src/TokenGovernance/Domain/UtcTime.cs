using System.Globalization;
using System.Text;

namespace TokenGovernance.Domain;

/// <summary>Milliseconds since 1970 to and from `YYYY-MM-DDTHH:MM:SS.fffZ`, the one form in which times are stored.</summary>
static class UtcTime
{
    public const int TextLength = 24;

    const long MinMs = -62_135_596_800_000;
    const long MaxMs = 253_402_300_799_999;

    /// <summary>True for an instant of the years 1 to 9999.</summary>
    public static bool IsValid(long ms) => ms is >= MinMs and <= MaxMs;

    public static string Format(long ms)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Write(ms, text);

        return Encoding.ASCII.GetString(text);
    }

    /// <summary>The day of UTC, as 2026-11-29.</summary>
    public static string FormatDay(long ms) => Format(ms)[..10];

    public static string Format(DateTimeOffset time) => Format(time.ToUnixTimeMilliseconds());

    /// <summary>Writes the 24 ASCII characters of a time. Every event has two: a format string would cost ten times as much.</summary>
    public static void Write(long ms, Span<byte> target)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime;
        var (year, month, day) = time;
        "0000-00-00T00:00:00.000Z"u8.CopyTo(target);
        WriteDigits(target[..4], year);
        WriteDigits(target[5..7], month);
        WriteDigits(target[8..10], day);
        WriteDigits(target[11..13], time.Hour);
        WriteDigits(target[14..16], time.Minute);
        WriteDigits(target[17..19], time.Second);
        WriteDigits(target[20..23], time.Millisecond);
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

    static void WriteDigits(Span<byte> target, int number)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            (number, var digit) = Math.DivRem(number, 10);
            target[i] = (byte)('0' + digit);
        }
    }
}
