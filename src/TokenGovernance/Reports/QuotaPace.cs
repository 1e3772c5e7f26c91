namespace TokenGovernance.Reports;

/// <summary>How a quota stands, and when it is used up if it goes on like this.</summary>
/// <param name="Last">Its last reading.</param>
/// <param name="PercentPerHour">How much of it an hour of the last hours took; NULL if too little is known.</param>
/// <param name="EmptyAtMs">When nothing is left; NULL if that is not before the window begins anew.</param>
/// <param name="IsOver">The window has begun anew since the last reading: how much is used now is not known.</param>
sealed record QuotaPace(QuotaReading Last, double? PercentPerHour, long? EmptyAtMs, bool IsOver)
{
    const long HourMs = 3_600_000;

    /// <summary>The hours that a pace is taken from.</summary>
    const long LookBackMs = 5 * HourMs;

    const long LeastSpanMs = 10 * 60_000;

    /// <summary>Readings are rounded and jitter: less of a fall than this is no new window.</summary>
    const double Fall = 1;

    /// <param name="readings">All of one series, in the order of time.</param>
    /// <param name="nowMs">The time.</param>
    public static QuotaPace Of(IReadOnlyList<QuotaReading> readings, long nowMs)
    {
        var last = readings[^1];
        var isOver = last.ResetAtMs is { } reset && reset <= nowMs;
        if (isOver || last.UsedPercent is not { } used || FindStart(readings) is not { } start)
        {
            return new QuotaPace(last, null, null, isOver);
        }

        var perHour = Math.Max(0, (used - start.Percent) / (last.TakenMs - start.Ms) * HourMs);
        var emptyIn = (100 - used) / perHour * HourMs;
        var emptyAt = perHour > 0 && emptyIn < 366L * 24 * HourMs ? last.TakenMs + (long)Math.Max(0, emptyIn) : (long?)null;

        return new QuotaPace(last, perHour, emptyAt >= last.ResetAtMs ? null : emptyAt, isOver);
    }

    /// <summary>Where the pace is measured from: the window as it stood some hours ago, or its first reading since.</summary>
    static (double Percent, long Ms)? FindStart(IReadOnlyList<QuotaReading> readings)
    {
        var last = readings[^1];
        var from = last.TakenMs - LookBackMs;
        var start = (Percent: last.UsedPercent!.Value, Ms: last.TakenMs);
        for (var i = readings.Count - 2; i >= 0 && start.Ms > from; i--)
        {
            var reading = readings[i];
            if (reading.UsedPercent is not { } used)
            {
                continue;
            }

            if (used > start.Percent + Fall || reading.ResetAtMs <= last.TakenMs)
            {
                break;
            }

            // A reading that repeats is not stored: an older one held until the next.
            start = (used, Math.Max(reading.TakenMs, from));
        }

        return last.TakenMs - start.Ms >= LeastSpanMs ? start : null;
    }
}
