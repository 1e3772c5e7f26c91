using TokenGovernance.Domain;
using TokenGovernance.Tests.Budgets.Runaway;
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

    static double[] DaysOf(string profile, int seed)
    {
        var (random, level) = (new Random(seed), 1.0);

        return
        [
            .. Workload.Of(profile, seed, 5 * Month).Quarters.Chunk(Workload.QuartersOfDay).Index().Select(day =>
            {
                if (day.Index % 7 == 0)
                {
                    level *= Math.Exp(Drift * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
                }

                return level * day.Item.Sum();
            }),
        ];
    }
}
