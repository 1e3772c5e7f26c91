namespace TokenGovernance.Domain;

/// <summary>What a period will have come to at its end, if the rest of it is like the last four weeks.</summary>
/// <param name="Low">One in ten periods ends below.</param>
/// <param name="Middle">As many end below as above.</param>
/// <param name="High">One in ten periods ends above.</param>
/// <param name="Days">Whole days that it is taken from.</param>
/// <remarks>
///     Middle: so far, and the mean of the last 28 whole days for what is left. Range: what is left is taken as lognormal, wider the
///     more days differ, the fewer they are, and the fewer are left (few days do not even out), and by a part that says that the
///     level itself moves: the more, the longer the days that it is taken from and those to come last together. A profile of weekdays
///     gained nothing for the middle. How often the range holds is measured in the tests.
/// </remarks>
readonly record struct Forecast(double Low, double Middle, double High, int Days)
{
    /// <summary>Days that the rest is taken from.</summary>
    public const int MostDays = 28;

    /// <summary>With fewer whole days than this it is too early to say anything.</summary>
    public const int LeastDays = 7;

    /// <summary>The level of the next 23 days, against that of the last 28: standard deviation of its logarithm.</summary>
    const double Drift = 0.28;

    /// <summary>Days that <see cref="Drift" /> is of; a level that wanders moves with the root of the time.</summary>
    const double DriftDays = 51;

    const int Week = 7;

    /// <summary>Eight in ten of a normal distribution are within so many standard deviations.</summary>
    const double EightyPercent = 1.2816;

    /// <summary>Forecasts the end of a period.</summary>
    /// <param name="soFar">What it came to until now.</param>
    /// <param name="days">What each of the last whole days came to, from the first with usage on, oldest first; the last 28 count.</param>
    /// <param name="daysLeft">Days until its end, with fractions.</param>
    /// <returns>NULL where it is too early, or nothing was used.</returns>
    public static Forecast? Of(double soFar, ReadOnlySpan<double> days, double daysLeft)
    {
        var last = days[Math.Max(0, days.Length - MostDays)..];
        var mean = Sum(last, day => day) / last.Length;
        if (last.Length < LeastDays || mean is not > 0)
        {
            return null;
        }

        var left = Math.Max(daysLeft, 1);
        var variance = VarianceOf(last, mean) / (mean * mean);
        var drift = Drift * Drift * (last.Length + left) / DriftDays;
        var sigma = Math.Sqrt(Math.Log(1 + (variance * ((1.0 / last.Length) + (1 / left))) + drift));
        var rest = mean * Math.Max(0, daysLeft);

        return new Forecast(
            soFar + (rest * Math.Exp(-EightyPercent * sigma)), soFar + rest, soFar + (rest * Math.Exp(EightyPercent * sigma)), last.Length);
    }

    /// <summary>How much days differ; where there are two weeks, from the same weekday a week before: that weekends are quiet evens out within each week.</summary>
    static double VarianceOf(ReadOnlySpan<double> days, double mean)
    {
        if (days.Length < 2 * Week)
        {
            return Sum(days, day => (day - mean) * (day - mean)) / (days.Length - 1);
        }

        var sum = 0.0;
        for (var i = Week; i < days.Length; i++)
        {
            sum += (days[i] - days[i - Week]) * (days[i] - days[i - Week]) / 2;
        }

        return sum / (days.Length - Week);
    }

    static double Sum(ReadOnlySpan<double> values, Func<double, double> of)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += of(value);
        }

        return sum;
    }
}
