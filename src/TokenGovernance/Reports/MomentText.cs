using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Moments and lengths of time as people write them.</summary>
static class MomentText
{
    const long MinuteMs = 60_000;

    /// <summary>The minute that a moment is in: comparisons and forecasts are to the minute, as they are shown.</summary>
    public static long StartOfMinute(long ms) => ms - (ms % MinuteMs);

    /// <summary>Such as "5 min", "2 h 5 min" or "3 d 4 h".</summary>
    public static string Span(long ms) => (ms / MinuteMs) switch
    {
        < 60 and var minutes => $"{minutes} min",
        < 24 * 60 and var minutes => $"{minutes / 60} h {minutes % 60} min",
        var minutes => $"{minutes / 1440} d {minutes % 1440 / 60} h",
    };

    /// <summary>How long ago a moment was; in the future, the moment.</summary>
    public static string Ago(long ms, long nowMs, TimeZoneInfo zone) =>
        nowMs - ms is >= 0 and var age ? age < MinuteMs ? "just now" : $"{Span(age)} ago" : Minute(ms, zone);

    /// <summary>Such as "2026-11-28 19:20".</summary>
    public static string Minute(long ms, TimeZoneInfo zone) => UtcTime.IsValid(ms)
        ? TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : NumberFormat.Unknown;

    /// <summary>When was collected last, and how new the newest response is.</summary>
    public static string Of(Freshness freshness, long nowMs, TimeZoneInfo zone) =>
        $"{(freshness.CollectedMs is { } collected ? $"Last collected {Ago(collected, nowMs, zone)}" : "Not collected by this version yet")}"
        + (freshness.NewestMs is { } newest ? $"; newest response {Ago(newest, nowMs, zone)}." : "; no response has a time.");
}
