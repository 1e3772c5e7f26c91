using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>Follows every agent through the last weeks of the store, and finds when its spending was out of control.</summary>
/// <remarks>
///     Dollars, and apart from them the output tokens of what has no price: so an agent on a plan is watched as well. Twice 28 days are
///     read: the first say what was usual in the second, so that what was flagged then does not count as usual now. What is before the
///     last quarter-hours is followed once and kept; from there the last ones are followed again at each look.
/// </remarks>
/// <param name="settings">The limits, and whose usage is watched.</param>
/// <param name="first">The quarter-hour that it begins with, see <see cref="FirstOf" />.</param>
sealed class RunawayScan(RunawaySettings settings, int first)
{
    const int Days = 2 * RunawayRule.Days;

    /// <summary>For so many days a scan goes on where it is; then it begins anew, as late.</summary>
    const int SameDays = 7;

    readonly Dictionary<(string Agent, AmountUnit Unit), RunawaySeries> _series = [];
    readonly Dictionary<UsageNames, string?> _agents = new(ReferenceEqualityComparer.Instance);
    readonly List<RunawayEpisode> _over = [];

    /// <summary>The first quarter-hour of which usage is needed.</summary>
    public int First { get; } = first;

    /// <summary>The quarter-hour before which all is followed.</summary>
    public int End { get; private set; } = first;

    /// <summary>Where a look of some day begins: 56 to 62 days before, with the same day for a week.</summary>
    /// <param name="now">A quarter-hour of that day, UTC.</param>
    public static int FirstOf(int now) => (QuarterHour.DayOf(now) - Days) / SameDays * SameDays * QuarterHour.PerDay;

    /// <summary>Reads what <see cref="Write" /> wrote.</summary>
    public static RunawayScan Read(BinaryReader reader, RunawaySettings settings, int first, int end)
    {
        var scan = new RunawayScan(settings, first) { End = end };
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var key = (Agent: reader.ReadString(), Unit: (AmountUnit)reader.ReadByte());
            scan._series[key] = scan.NewSeries(key);
            scan._series[key].Read(reader, end);
        }

        return scan;
    }

    /// <summary>Writes what is usual and what is not over, for <see cref="Read" />.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_series.Count);
        foreach (var ((agent, unit), series) in _series)
        {
            writer.Write(agent);
            writer.Write((byte)unit);
            series.Write(writer);
        }
    }

    /// <summary>Follows usage on to a quarter-hour, and keeps what was seen.</summary>
    /// <param name="rows">All usage from <see cref="End" /> to there, in the order of time.</param>
    /// <param name="end">The first quarter-hour after it.</param>
    public void Follow(IEnumerable<SpentRow> rows, int end)
    {
        foreach (var row in rows)
        {
            if (Find(row) is { } key)
            {
                if (!_series.TryGetValue(key, out var series))
                {
                    _series[key] = series = NewSeries(key);
                }

                series.Add(row.Quarter, SpentOf(row), _over);
            }
        }

        foreach (var series in _series.Values)
        {
            series.CloseTo(end, _over);
        }

        // Names belong to one look.
        _agents.Clear();
        End = end;
    }

    /// <summary>Returns what was out of control, oldest first. Keeps nothing of what it is given.</summary>
    /// <param name="live">Usage from <see cref="End" /> on, in the order of time.</param>
    /// <param name="now">The quarter-hour that has begun.</param>
    public IReadOnlyList<RunawayEpisode> Find(IEnumerable<SpentRow> live, int now)
    {
        var found = new List<RunawayEpisode>(_over);
        var going = _series.Where(pair => pair.Value.IsOpen).ToDictionary(pair => pair.Key, pair => pair.Value.Clone());
        foreach (var row in live)
        {
            if (row.Quarter <= now && Find(row) is { } key)
            {
                if (!going.TryGetValue(key, out var series))
                {
                    going[key] = series = _series.TryGetValue(key, out var kept) ? kept.Clone() : NewSeries(key);
                }

                series.Add(row.Quarter, SpentOf(row), found);
            }
        }

        foreach (var series in going.Values)
        {
            series.CloseTo(now, found);
            if (series.Judge() is { } open)
            {
                found.Add(open);
            }
        }

        _agents.Clear();

        return [.. found.OrderBy(episode => episode.StartMs)];
    }

    RunawaySeries NewSeries((string Agent, AmountUnit Unit) key) => new(
        key.Agent, key.Unit,
        new RunawayRule(settings.Factor, (double)(key.Unit is AmountUnit.Usd ? settings.FloorUsd : settings.FloorOutputTokens)), First);

    /// <summary>The series that usage belongs to; NULL if it is left out, or of no use.</summary>
    (string Agent, AmountUnit Unit)? Find(in SpentRow row)
    {
        if (!_agents.TryGetValue(row.Names, out var agent))
        {
            _agents[row.Names] = agent = row.Names.AreAccepted(settings.Where) ? row.Names.Agent ?? "" : null;
        }

        return (agent, row.CostClass) switch
        {
            (null, _) => null,
            (_, CostClass.Recorded or CostClass.ProviderBilled) => (agent, AmountUnit.Usd),
            (_, CostClass.Unknown or CostClass.NoneRecorded or CostClass.PlanPaid) => (agent, AmountUnit.OutputTokens),
            _ => null,
        };
    }

    static double SpentOf(in SpentRow row) => CostRule.IsKnown(row.CostClass) ? row.Dollars : row.OutputTokens;
}
