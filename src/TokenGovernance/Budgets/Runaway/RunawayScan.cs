using System.Runtime.InteropServices;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>Follows every agent through the last weeks of the store, and finds when its spending was out of control.</summary>
/// <remarks>
///     Dollars, and apart from them the output tokens of what has no price: so an agent on a plan is watched as well. Twice 28 days are
///     read: the first say what was usual in the second, so that what was flagged then does not count as usual now.
/// </remarks>
sealed class RunawayScan(RunawaySettings settings, long nowMs)
{
    const int QuartersOfDay = 96;
    const int Days = 2 * RunawayRule.Days;

    readonly Dictionary<string, Series> _agents = new(StringComparer.Ordinal);
    readonly int _first = (QuarterHour.Of(nowMs) / QuartersOfDay * QuartersOfDay) - (Days * QuartersOfDay);
    readonly int _now = QuarterHour.Of(nowMs);

    /// <summary>The first moment of which usage is needed, in quarter-hours.</summary>
    public long FromMs => QuarterHour.StartMs(_first);

    /// <summary>Adds usage; what is outside of the time or of the settings' `where` is left out.</summary>
    public void Add(in UsageRow row)
    {
        var at = row.Quarter - _first;
        if (at < 0 || row.Quarter > _now || !row.Names.AreAccepted(settings.Where))
        {
            return;
        }

        ref var series = ref CollectionsMarshal.GetValueRefOrAddDefault(_agents, row.Names.Agent ?? "", out _);
        series ??= new Series(_now - _first + 1);
        switch (row.CostClass)
        {
            case CostClass.Recorded or CostClass.ProviderBilled:
                series.Dollars[at] += (double)row.Cost.Dollars;
                break;
            case CostClass.Unknown or CostClass.NoneRecorded:
                series.OutputTokens[at] += row.Counts.Output;
                break;
        }
    }

    /// <summary>Returns what was out of control in the last 28 days, oldest first.</summary>
    public IReadOnlyList<RunawayEpisode> Find() =>
    [
        .. _agents
            .SelectMany(agent => Follow(agent.Key, AmountUnit.Usd, agent.Value.Dollars, (double)settings.FloorUsd)
                .Concat(Follow(agent.Key, AmountUnit.OutputTokens, agent.Value.OutputTokens, (double)settings.FloorOutputTokens)))
            .OrderBy(episode => episode.StartMs),
    ];

    IEnumerable<RunawayEpisode> Follow(string agent, AmountUnit unit, double[] quarters, double floor)
    {
        var watch = new RunawayWatch(new RunawayRule(settings.Factor, floor));
        var episode = default(RunawayEpisode);
        for (var at = 0; at < quarters.Length; at++)
        {
            var isNow = at == quarters.Length - 1;
            var signs = isNow ? watch.Judge(quarters[at]) : watch.Close(quarters[at]);
            if (signs.Kind is not RunawayKind.None)
            {
                var ms = QuarterHour.StartMs(_first + at);
                episode = (episode ?? new RunawayEpisode(agent, unit, ms, ms, signs, 0, IsOpen: true)) with { LastMs = ms };
            }

            if (episode is not null)
            {
                episode = episode with { Spent = episode.Spent + quarters[at] };
                if (!isNow && !watch.IsAlarmed)
                {
                    yield return episode with { IsOpen = false };

                    episode = null;
                }
            }
        }

        if (episode is not null)
        {
            yield return episode;
        }
    }

    sealed class Series(int quarters)
    {
        public double[] Dollars { get; } = new double[quarters];

        public double[] OutputTokens { get; } = new double[quarters];
    }
}
