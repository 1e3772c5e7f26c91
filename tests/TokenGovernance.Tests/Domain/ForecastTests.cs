using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Tests.Budgets.Runaway;
using TokenGovernance.Tests.Reports;
using Xunit.Abstractions;

namespace TokenGovernance.Tests.Domain;

/// <summary>What a forecast says, and how often it is right: on made-up agents whose level moves from week to week.</summary>
public sealed class ForecastTests(ITestOutputHelper output)
{
    const int Month = 30;

    /// <summary>Standard deviation of the logarithm by which the level moves in a week.</summary>
    const double Drift = 0.15;

    [Fact]
    public void TheMiddleIsWhatWasUsedAndTheMeanDayForWhatIsLeft()
    {
        var forecast = Forecast.Of(100, [.. Enumerable.Repeat(10.0, 28)], 5)!.Value;

        forecast.Middle.Should().Be(150);
        forecast.Low.Should().BeInRange(100, 149);
        forecast.High.Should().BeInRange(151, 200);
    }

    [Fact]
    public void OnlyTheLastFourWeeksCount() =>
        Forecast.Of(0, [.. Enumerable.Repeat(1000.0, 28), .. Enumerable.Repeat(10.0, 28)], 1)!.Value.Middle.Should().Be(10);

    [Fact]
    public void AtTheEndOfAPeriodNothingIsLeftToGuess()
    {
        var forecast = Forecast.Of(42, [.. Enumerable.Repeat(10.0, 10)], 0)!.Value;

        (forecast.Low, forecast.Middle, forecast.High).Should().Be((42, 42, 42));
    }

    [Fact]
    public void QuietWeekendsDoNotMakeTheRangeWider()
    {
        static double WidthOf(double[] days) => Forecast.Of(0, days, 14)!.Value is var forecast ? forecast.High / forecast.Low : 0;

        WidthOf([.. Enumerable.Range(0, 28).Select(day => day % 7 < 5 ? 14.0 : 0)]).Should().BeApproximately(WidthOf([.. Enumerable.Repeat(10.0, 28)]), 1e-9);
    }

    [Fact]
    public void TheFurtherTheEndTheWiderTheRange()
    {
        static double WidthOf(double left) => Forecast.Of(0, [.. Enumerable.Repeat(10.0, 28)], left)!.Value is var forecast ? forecast.High / forecast.Low : 0;

        WidthOf(5).Should().BeLessThan(WidthOf(20));
        WidthOf(20).Should().BeLessThan(WidthOf(200));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void WithFewerThanSevenDaysItIsTooEarly(int days) => Forecast.Of(5, [.. Enumerable.Repeat(10.0, days)], 10).Should().BeNull();

    [Fact]
    public void WhereNothingWasUsedNothingIsForecast() => Forecast.Of(0, new double[28], 10).Should().BeNull();

    [Theory]
    [InlineData(3, 0.30)]
    [InlineData(7, 0.25)]
    [InlineData(14, 0.20)]
    [InlineData(21, 0.12)]
    [Trait("Category", "Slow")]
    public void EightInTenMonthsEndWithinTheRangeAndTheMedianErrorIsSmall(int day, double medianError)
    {
        var (inside, errors) = (0, new List<double>());
        foreach (var profile in new[] { "people", "cron", "mixed", "steady" })
        {
            for (var seed = 1; seed <= 20; seed++)
            {
                var days = DaysOf(profile, seed);
                for (var start = Month; start + Month <= days.Length; start += Month)
                {
                    var forecast = Forecast.Of(days[start..(start + day)].Sum(), days.AsSpan(0, start + day), Month - day)!.Value;
                    var end = days[start..(start + Month)].Sum();
                    errors.Add(Math.Abs(forecast.Middle - end) / end);
                    inside += end >= forecast.Low && end <= forecast.High ? 1 : 0;
                }
            }
        }

        var (covered, median) = ((double)inside / errors.Count, errors.Order().ElementAt(errors.Count / 2));
        output.WriteLine($"day {day}: {100 * covered:0} % within the range, median error {100 * median:0.0} %, {errors.Count} months");
        covered.Should().BeInRange(0.7, 0.9);
        median.Should().BeLessThan(medianError);
    }

    /// <summary>Real shapes of work: whole sessions of the sample home, as dear as they were, drawn for each day at random.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(21)]
    public void EightInTenMonthsOfReplayedSessionsEndWithinTheRange(int day)
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");
        var sessions = scene.Report(new ReportQuery { By = [Dimension.Agent, Dimension.Session] }).Rows.Select(row => (double)row.Totals.All.Total).Order().ToList();
        sessions.Should().HaveCountGreaterThan(8);
        var (inside, months) = (0, 0);
        for (var seed = 1; seed <= 60; seed++)
        {
            var days = Replay(sessions, seed);
            for (var start = Month; start + Month <= days.Length; start += Month, months++)
            {
                var forecast = Forecast.Of(days[start..(start + day)].Sum(), days.AsSpan(0, start + day), Month - day)!.Value;
                inside += days[start..(start + Month)].Sum() is var end && end >= forecast.Low && end <= forecast.High ? 1 : 0;
            }
        }

        output.WriteLine($"day {day}: {100.0 * inside / months:0} % within the range, {months} months");
        ((double)inside / months).Should().BeInRange(0.7, 0.9);
    }

    /// <summary>Five months: more sessions on working days, and a level that moves from week to week.</summary>
    static double[] Replay(List<double> sessions, int seed)
    {
        var random = new Random(seed);
        var (perDay, level) = (1 + (5 * random.NextDouble()), 1.0);
        var days = new double[5 * Month];
        for (var day = 0; day < days.Length; day++)
        {
            level *= day % 7 == 0 ? Moved(random) : 1;
            for (var left = (day % 7 >= 5 ? 0.4 : 1) * level * perDay; left > 0; left--)
            {
                days[day] += left >= 1 || random.NextDouble() < left ? sessions[random.Next(sessions.Count)] : 0;
            }
        }

        return days;
    }

    /// <summary>By how much a level moves in a week.</summary>
    static double Moved(Random random) => Math.Exp(Drift * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    static double[] DaysOf(string profile, int seed)
    {
        var (random, level) = (new Random(seed), 1.0);

        return
        [
            .. Workload.Of(profile, seed, 5 * Month).Quarters.Chunk(Workload.QuartersOfDay).Index().Select(day =>
            {
                if (day.Index % 7 == 0)
                {
                    level *= Moved(random);
                }

                return level * day.Item.Sum();
            }),
        ];
    }
}
