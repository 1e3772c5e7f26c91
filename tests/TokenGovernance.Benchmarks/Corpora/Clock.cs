using System.Globalization;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>The 90 days in which all sessions of a corpus begin.</summary>
static class Clock
{
    public const long StartMs = 1_785_542_400_000;

    public const long SpanMs = 90L * 86_400_000;

    public const long EndMs = StartMs + SpanMs;

    public static string Iso(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public static string FileStamp(long ms) => Iso(ms).Replace(':', '-');
}
