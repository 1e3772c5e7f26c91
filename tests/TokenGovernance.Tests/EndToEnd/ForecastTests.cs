using System.Text.Json;
using TokenGovernance.Tests.Budgets;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`forecast`, by the real program, of this month.</summary>
public sealed class ForecastTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EachAgentIsForecastFromWhatWasUsedAndItsMeanDay()
    {
        for (var day = 1; day <= 28; day++)
        {
            _scene.Home.Spend(DateTime.UtcNow.AddDays(-day), 5, "research");
            _scene.Home.Spend(DateTime.UtcNow.AddDays(-day), 1, "main");
        }

        _scene.Collect();

        var result = Run("--by", "agent", "--until", DateTime.UtcNow.AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), "--json");

        result.ExitCode.Should().Be(0);
        var rows = JsonDocument.Parse(result.Output).RootElement.GetProperty("forecasts").EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("agent").GetString()).Should().Equal("research", "main");
        foreach (var (row, mean) in rows.Zip([5.0, 1.0]))
        {
            var (soFar, cost) = (row.GetProperty("known_cost_usd").GetDouble(), row.GetProperty("forecast").GetProperty("known_cost_usd"));
            (cost.GetProperty("middle").GetDouble() - soFar).Should().BeInRange(9 * mean, 10 * mean, "more than nine days are left");
            cost.GetProperty("low").GetDouble().Should().BeLessThan(cost.GetProperty("middle").GetDouble());
        }

        Run().Output.Should().StartWith(" ").And.Contain("all ").And.Contain("8 in 10 end within the range");
    }

    [Fact]
    public void WithFewDaysItIsTooEarlyAndAPastDayIsWrongUsage()
    {
        _scene.Home.Spend(3);
        _scene.Collect();

        Run().Output.Should().Contain("too early");
        Run("--until", "yesterday").Should().Match<CliResult>(result => result.ExitCode == 2 && result.Error.Contains("--until takes month-end or a day to come"));
        Run("--until", "soon").ExitCode.Should().Be(2);
        Run("--by", "day").ExitCode.Should().Be(2);
    }

    CliResult Run(params string[] args) => Cli.Run(["forecast", "--db", _scene.Db, "--tz", "UTC", .. args]);
}
