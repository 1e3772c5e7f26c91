using TokenGovernance.Budgets.Runaway;
using Xunit.Abstractions;

namespace TokenGovernance.Tests.Budgets.Runaway;

/// <summary>How often the rule cries wolf, what it misses and how long it takes, on agents of four kinds.</summary>
/// <remarks>
///     Two kinds of loops. By rate: 3 or 10 times what an hour with usage costs on average. By response: one every 20 seconds that
///     costs 3 or 10 times the average. The first kind is the harder one: busy hours of people cost as much.
/// </remarks>
[Trait("Category", "Slow")]
public sealed class RunawayRateTests(ITestOutputHelper output)
{
    const int Days = RunawayRule.Days + 60;
    const int Seeds = 16;
    const int LoopsOfAgent = 4;
    const double LoopQuarter = 45;

    /// <summary>What is not found within six hours is missed.</summary>
    const int PatienceQuarters = 24;

    static readonly RunawayRule Rule = new(Factor: 1, Floor: 0.25);

    [Theory]
    [InlineData("people")]
    [InlineData("cron")]
    [InlineData("mixed")]
    [InlineData("steady")]
    public void FalseAlarmsAreAtMostOneAMonthAndLoopsAreFound(string profile)
    {
        var (alarms, delays) = (0, new Dictionary<string, List<int?>>());
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var usual = Workload.Of(profile, seed, Days);
            alarms += Alarms(usual.Quarters).Count(alarm => alarm >= RunawayRule.Days * Workload.QuartersOfDay);
            var random = new Random(seed);
            foreach (var times in new[] { 3, 10 })
            {
                for (var i = 0; i < LoopsOfAgent; i++)
                {
                    var at = (40 + random.Next(30)) * Workload.QuartersOfDay + random.Next(Workload.QuartersOfDay);
                    Note(delays, $"{times} x by rate", usual, at, times * usual.ActiveHour / 4);
                    Note(delays, $"{times} x by response", usual, at, times * usual.Response * LoopQuarter);
                }
            }
        }

        var aMonth = alarms / (Seeds * 2.0);
        output.WriteLine($"{profile}: {aMonth:0.00} false alarms a month");
        foreach (var (loop, quarters) in delays)
        {
            var found = quarters.Count(delay => delay is not null);
            output.WriteLine($"  {loop}: found {100.0 * found / quarters.Count:0.0} %, median {15 * quarters.Order().ElementAt(quarters.Count / 2)} min");
            ((double)found / quarters.Count).Should().BeGreaterThanOrEqualTo(0.95, $"{profile}, {loop}");
        }

        aMonth.Should().BeLessThanOrEqualTo(1, profile);
    }

    /// <summary>A loop that stays below the floor is none.</summary>
    static void Note(Dictionary<string, List<int?>> delays, string loop, Workload usual, int at, double perQuarter)
    {
        if (perQuarter * 4 <= Rule.Floor)
        {
            return;
        }

        if (!delays.TryGetValue(loop, out var list))
        {
            delays[loop] = list = [];
        }

        list.Add(Delay(usual, at, perQuarter));
    }

    /// <summary>Quarter-hours from the beginning of a loop to its alarm; NULL if it is missed.</summary>
    static int? Delay(Workload usual, int at, double perQuarter)
    {
        var watch = new RunawayWatch(Rule);
        var quarters = usual.WithLoop(at, perQuarter);
        for (var quarter = 0; quarter < at + PatienceQuarters; quarter++)
        {
            watch.Close(quarters[quarter]);
            if (quarter >= at && watch.IsAlarmed)
            {
                return quarter - at + 1;
            }
        }

        return null;
    }

    /// <summary>The quarter-hours in which alarms began.</summary>
    static List<int> Alarms(double[] quarters)
    {
        var (watch, was, alarms) = (new RunawayWatch(Rule), false, new List<int>());
        foreach (var (quarter, spent) in quarters.Index())
        {
            watch.Close(spent);
            if (watch.IsAlarmed && !was)
            {
                alarms.Add(quarter);
            }

            was = watch.IsAlarmed;
        }

        return alarms;
    }
}
