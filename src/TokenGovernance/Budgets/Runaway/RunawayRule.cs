namespace TokenGovernance.Budgets.Runaway;

/// <summary>When spending counts as out of control. Measured in tests/…/Budgets/Runaway: false alarms, recall and delay.</summary>
/// <param name="Factor">Multiplies every limit; more is less sensitive. The rule was measured at 1.</param>
/// <param name="Floor">What a quarter of an hour may always cost, in the unit of the series.</param>
readonly record struct RunawayRule(double Factor, double Floor)
{
    /// <summary>Days that say what is usual; quarter-hours flagged in them count no more than what was usual then.</summary>
    public const int Days = 28;

    /// <summary>With fewer days of usage than this nothing is usual yet: only the floor decides.</summary>
    public const int LeastDays = 7;

    /// <summary>Without knowledge of what is usual this many times the floor is an alarm.</summary>
    public const double FloorFactor = 4;

    /// <summary>Quarter-hours without a flag that end an alarm: six hours.</summary>
    public const int QuietQuarters = 24;

    /// <summary>
    ///     How much an alarm may raise what is usual, and only in its first day: so a lasting change is learned in days, and a loop that
    ///     runs for weeks does not become usual.
    /// </summary>
    public const double Learning = 1.25;

    const double BurstMargin = 1.25;
    const double SustainedMargin = 1.25;

    /// <summary>The limit of a burst: above the busiest day's peak, the further above the wilder the peaks are.</summary>
    /// <param name="peaks">The highest value of each day, ascending; at least <see cref="LeastDays" />.</param>
    /// <param name="activeDays">Days with usage among them.</param>
    public double BurstLimit(ReadOnlySpan<double> peaks, int activeDays)
    {
        var (highest, fourth) = (peaks[^1], peaks[^4]);
        var wildness = fourth > highest / 4 ? Math.Sqrt(highest / fourth) : 2;

        return Factor * BurstMargin * highest * wildness * Margin(activeDays);
    }

    /// <summary>The limit of what is kept up for hours.</summary>
    /// <param name="peaks">As of a burst.</param>
    /// <param name="activeDays">As of a burst.</param>
    public double SustainedLimit(ReadOnlySpan<double> peaks, int activeDays) => Factor * SustainedMargin * peaks[^1] * Margin(activeDays);

    /// <summary>The peak of few days says less.</summary>
    static double Margin(int activeDays) => Math.Sqrt((double)Days / Math.Clamp(activeDays, LeastDays, Days));
}
