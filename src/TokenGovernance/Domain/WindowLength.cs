using System.Globalization;

namespace TokenGovernance.Domain;

/// <summary>How long the quota window of a label is.</summary>
static class WindowLength
{
    const long HourMs = 3_600_000;

    /// <summary>Reads `5h`, `7d`, `30m` or `Week`; NULL for what tells no length, such as `Opus`, and for `Day`, as older versions of OpenClaw give that label to a week, too.</summary>
    /// <returns>In milliseconds.</returns>
    public static long? Of(string? label) => label switch
    {
        null or "" => null,
        _ when label.Equals("Week", StringComparison.OrdinalIgnoreCase) => 7 * 24 * HourMs,
        _ when int.TryParse(label.AsSpan(0, label.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 => char.ToLowerInvariant(label[^1]) switch
        {
            'm' => count * (HourMs / 60),
            'h' => count * HourMs,
            'd' => count * 24 * HourMs,
            _ => null,
        },
        _ => null,
    };
}
