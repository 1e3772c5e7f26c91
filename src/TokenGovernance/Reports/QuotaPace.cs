using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>The state of a quota, and when it will be used up at the current pace.</summary>
/// <param name="Last">The last snapshot.</param>
/// <param name="PercentPerHour">Percentage points used per hour, over the last hours; NULL if too few snapshots tell.</param>
/// <param name="EmptyAtMs">When it will be used up; NULL if the window resets before, or that is more than a year away.</param>
/// <param name="IsOver">The window has reset since the last snapshot: how much is used now is unknown.</param>
sealed record QuotaPace(QuotaReading Last, double? PercentPerHour, long? EmptyAtMs, bool IsOver)
{
    const long HourMs = 3_600_000;

    /// <summary>The time that a pace is averaged over.</summary>
    const long LookBackMs = 5 * HourMs;

    const long LeastSpanMs = 10 * 60_000;

    /// <summary>Percentage points. Values are rounded and jitter: a smaller fall than this is no reset.</summary>
    const double Fall = 1;

    /// <param name="readings">All snapshots of one quota, oldest first.</param>
    /// <param name="nowMs">The current time, in ms since 1970.</param>
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

    /// <summary>The start of the average: the share used some hours ago, or at the first snapshot after the last reset.</summary>
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

            // Between two readings the share is taken to have risen evenly: nothing says when it did.
            start = reading.TakenMs >= from
                ? (used, reading.TakenMs)
                : (used + ((start.Percent - used) * (from - reading.TakenMs) / (start.Ms - reading.TakenMs)), from);
        }

        return last.TakenMs - start.Ms >= LeastSpanMs ? start : null;
    }
}
