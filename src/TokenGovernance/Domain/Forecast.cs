namespace TokenGovernance.Domain;

/// <summary>What a period will have come to at its end, if the rest of it is like the last four weeks.</summary>
/// <param name="Low">One in ten periods ends below.</param>
/// <param name="Middle">As many end below as above.</param>
/// <param name="High">One in ten periods ends above.</param>
/// <param name="Days">Whole days that it is taken from.</param>
/// <remarks>
///     Middle: so far, and the mean of the last 28 whole days for what is left. Range: what is left is taken as lognormal, wider the
///     more days differ, the fewer they are, and the fewer are left (few days do not even out), and by a part that says that the
///     level itself moves. A profile of weekdays gained nothing. How often the range holds is measured in the tests.
/// </remarks>
readonly record struct Forecast(double Low, double Middle, double High, int Days)
{
    /// <summary>Days that the rest is taken from.</summary>
    public const int MostDays = 28;

    /// <summary>With fewer whole days than this it is too early to say anything.</summary>
    public const int LeastDays = 7;

    /// <summary>The level of the next weeks, against that of the last: standard deviation of its logarithm.</summary>
    const double Drift = 0.3;

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

        var variance = Sum(last, day => (day - mean) * (day - mean)) / (last.Length - 1) / (mean * mean);
        var sigma = Math.Sqrt(Math.Log(1 + (variance * ((1.0 / last.Length) + (1 / Math.Max(daysLeft, 1)))) + (Drift * Drift)));
        var rest = mean * Math.Max(0, daysLeft);

        return new Forecast(
            soFar + (rest * Math.Exp(-EightyPercent * sigma)), soFar + rest, soFar + (rest * Math.Exp(EightyPercent * sigma)), last.Length);
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
