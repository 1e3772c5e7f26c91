using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>A day that cost far more than is usual.</summary>
/// <param name="Value">US dollars, or tokens where no cost is known.</param>
/// <param name="IsCost">Which of the two.</param>
/// <param name="UsualLow">One in ten of the days that are usual was below.</param>
/// <param name="UsualHigh">One in ten was above.</param>
/// <param name="Causes">Where most of it came from: a dimension, its value, and its share of the day.</param>
sealed record Spike(
    DateOnly Day, double Value, bool IsCost, double UsualLow, double UsualHigh, IReadOnlyList<(Dimension Dimension, string Name, double Share)> Causes);

/// <summary>Finds days that cost far more than is usual.</summary>
/// <remarks>
///     A spike is more than one and a half times the second-highest of the 28 days before it, of which seven had usage. What was found
///     before is not usual. The rule is that of runaways, for days.
/// </remarks>
sealed class Spikes(ReportQuery query, IRollup rollup)
{
    const int Window = 28, LeastActive = 7;
    const double Factor = 1.5, LeastDollars = 0.25, LeastTokens = 100_000, CauseShare = 0.3;

    readonly LocalCalendar _calendar = new(query.Zone);
    readonly Dictionary<(long Attribution, long Model), int> _causes = [];
    readonly List<(long Attribution, long Model)> _pairs = [];

    /// <summary>Finds the spikes among the days of a report.</summary>
    /// <param name="usage">What its filters accept.</param>
    /// <param name="first">Its first day with usage.</param>
    /// <param name="last">Its last.</param>
    /// <param name="isCost">It is about dollars, else tokens.</param>
    public IReadOnlyList<Spike> Find(AcceptedUsage usage, DateOnly first, DateOnly last, bool isCost)
    {
        var days = new Dictionary<DateOnly, Dictionary<int, double>>();
        var from = first.AddDays(-Window);
        foreach (var row in usage.ReadTotals(new TimeRange(_calendar.StartOf(from), _calendar.StartOf(last.AddDays(1))), _calendar.CutOf))
        {
            var value = isCost
                ? CostRule.IsKnown(row.CostClass) ? (double)row.Cost.Dollars : 0
                : row.Counts.Total;
            var parts = CollectionsMarshal.GetValueRefOrAddDefault(days, _calendar.DayOf(row.Quarter), out _) ??= [];
            CollectionsMarshal.GetValueRefOrAddDefault(parts, CauseOf(row), out _) += value;
        }

        var usual = new Queue<double>();
        var spikes = new List<Spike>();
        for (var day = from; day <= last; day = day.AddDays(1))
        {
            var parts = days.GetValueOrDefault(day) ?? [];
            var value = parts.Values.Sum();
            var active = usual.Where(one => one > 0).Order().ToList();
            var isSpike = active.Count >= LeastActive && value > Factor * active[^2] && value > (isCost ? LeastDollars : LeastTokens);
            if (isSpike && day >= first)
            {
                spikes.Add(new Spike(day, value, isCost, At(active, 0.1), At(active, 0.9), CausesOf(parts, value, usage)));
            }

            if (!isSpike)
            {
                usual.Enqueue(value);
                while (usual.Count > Window)
                {
                    usual.Dequeue();
                }
            }
        }

        return spikes;
    }

    static double At(List<double> ascending, double share) => ascending[(int)Math.Round(share * (ascending.Count - 1))];

    int CauseOf(in RollupRow row)
    {
        ref var cause = ref CollectionsMarshal.GetValueRefOrAddDefault(_causes, (row.Attribution, row.Model), out var isKnown);
        if (!isKnown)
        {
            cause = _pairs.Count;
            _pairs.Add((row.Attribution, row.Model));
        }

        return cause;
    }

    List<(Dimension Dimension, string Name, double Share)> CausesOf(Dictionary<int, double> parts, double value, AcceptedUsage usage)
    {
        (Dimension Dimension, string Name, double Share)? Most(Dimension dimension, Func<AttributionNames, ModelNames, string?> nameOf)
        {
            var most = parts.GroupBy(part => nameOf(usage.NamesOf(_pairs[part.Key].Attribution), rollup.FindModel(_pairs[part.Key].Model)), part => part.Value)
                .Select(group => (Name: group.Key, Share: group.Sum() / value)).Where(group => group.Name is not null).DefaultIfEmpty().MaxBy(group => group.Share);

            return most.Name is { } name && most.Share >= CauseShare ? (dimension, name, most.Share) : null;
        }

        return
        [
            .. new[]
            {
                Most(Dimension.Agent, (names, _) => names.Agent), Most(Dimension.Model, (_, model) => model.Model),
                Most(Dimension.Job, (names, _) => names.JobName ?? names.Job), Most(Dimension.Channel, (names, _) => names.Channel),
            }.OfType<(Dimension Dimension, string Name, double Share)>(),
        ];
    }
}
