using System.Text;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Finds the quarter-hour of a stored time; rows that follow each other mostly share the hour.</summary>
sealed class EventTime
{
    const int HourLength = 13;
    const long HourMs = 4 * QuarterHour.Ms;

    readonly byte[] _hour = new byte[HourLength];
    long _hourMs = long.MinValue;

    /// <summary>False if the time lies outside of a range, or there is none and the range is not open.</summary>
    public bool IsIn(TimeRange range, ReadOnlySpan<byte> text, out int quarter)
    {
        quarter = QuarterHour.Unknown;
        if (!TryRead(text, out var ms))
        {
            return range == default;
        }

        quarter = QuarterHour.Of(ms);

        return !(ms < range.FromMs) && !(ms >= range.BeforeMs);
    }

    bool TryRead(ReadOnlySpan<byte> text, out long ms)
    {
        // `2026-11-21T20:03:10.480Z`: the hour as before, then digits at known places.
        if (_hourMs != long.MinValue && text.Length == UtcTime.TextLength && text.StartsWith(_hour))
        {
            ms = _hourMs
                + (((Digit(text, 14) * 10) + Digit(text, 15)) * 60_000)
                + (((Digit(text, 17) * 10) + Digit(text, 18)) * 1000)
                + (Digit(text, 20) * 100) + (Digit(text, 21) * 10) + Digit(text, 22);

            return true;
        }

        if (text.IsEmpty || !UtcTime.TryParse(Encoding.UTF8.GetString(text), out ms))
        {
            ms = 0;

            return false;
        }

        if (text.Length == UtcTime.TextLength && text[^1] == 'Z' && text[19] == '.')
        {
            text[..HourLength].CopyTo(_hour);
            _hourMs = ms - (((ms % HourMs) + HourMs) % HourMs);
        }

        return true;
    }

    static int Digit(ReadOnlySpan<byte> text, int index) => text[index] - '0';
}
