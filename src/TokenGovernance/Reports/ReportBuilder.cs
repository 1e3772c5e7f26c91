using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Adds up blocks of events into the rows of a report.</summary>
sealed class ReportBuilder(ReportQuery query)
{
    readonly LocalCalendar _calendar = new(query.Zone);
    readonly IReadOnlyList<Dimension> _nameDimensions = [.. query.By.Where(dimension => !dimension.IsTime())];
    readonly IReadOnlyList<Dimension> _timeDimensions = [.. query.By.Where(dimension => dimension.IsTime())];

    readonly NameGroups _names = new(query);
    readonly Dictionary<string, int> _timeGroups = new(StringComparer.Ordinal);
    readonly List<DimensionValue[]> _timeValues = [];
    readonly Dictionary<int, (int Group, DateOnly Day)> _quarters = [];
    readonly Dictionary<(int Names, int Times), UsageTotals> _groups = [];
    readonly Dictionary<DateOnly, UsageTotals> _days = [];
    readonly Dictionary<(string? Provider, string? Model), UsageTotals> _models = [];

    /// <summary>Builds a report.</summary>
    /// <param name="query">The query.</param>
    /// <param name="blocks">All events of its range.</param>
    public static Report Build(ReportQuery query, IEnumerable<UsageBlock> blocks)
    {
        var builder = new ReportBuilder(query);
        foreach (var block in blocks)
        {
            builder.Add(block);
        }

        return builder.Finish();
    }

    void Add(UsageBlock block)
    {
        var groups = block.Keys.Select(key => _names.Find(block, key)).ToArray();
        var models = block.Keys.Select(key => Get(_models, (block.Names[key.Provider], block.Names[key.Model]))).ToArray();
        var quarter = (Group: 0, Day: default(DateOnly));
        UsageTotals? day = null;
        var last = int.MaxValue;
        foreach (var row in block.Rows)
        {
            if (groups[row.Key] is not { } names)
            {
                continue;
            }

            if (row.Quarter != last)
            {
                last = row.Quarter;
                quarter = FindQuarter(row.Quarter);
                day = row.Quarter == QuarterHour.Unknown ? null : Get(_days, quarter.Day);
            }

            var cost = block.Keys[row.Key].Cost;
            Get(_groups, (names, quarter.Group)).Add(row.Counts, row.Cost, cost);
            models[row.Key].Add(row.Counts, row.Cost, cost);
            day?.Add(row.Counts, row.Cost, cost);
        }
    }

    (int Group, DateOnly Day) FindQuarter(int quarter)
    {
        if (!_quarters.TryGetValue(quarter, out var found))
        {
            var values = _timeDimensions.Select(dimension => _calendar.Place(dimension, quarter)).ToArray();
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _timeGroups, string.Join('\n', values.Select(value => value.Id)), out var known);
            if (!known)
            {
                group = _timeValues.Count;
                _timeValues.Add(values);
            }

            found = (group, quarter == QuarterHour.Unknown ? default : _calendar.DayOf(quarter));
            _quarters[quarter] = found;
        }

        return found;
    }

    Report Finish()
    {
        var rows = _groups.Select(group => new ReportRow(Join(_names.ValuesOf(group.Key.Names), _timeValues[group.Key.Times]), group.Value)).ToList();
        var totals = new UsageTotals();
        rows.ForEach(row => totals.Add(row.Totals));

        var rest = default(ReportRest);
        if (query.Top is { } top && rows.Count > top)
        {
            rows.Sort(RowOrder.Largest(query.Sort ?? SortBy.Cost));
            var usage = new UsageTotals();
            rows.Skip(top).ToList().ForEach(row => usage.Add(row.Totals));
            rest = new ReportRest(rows.Count - top, usage);
            rows.RemoveRange(top, rows.Count - top);
        }

        rows.Sort(query.Sort is null && _timeDimensions.Count > 0 ? RowOrder.ByName : RowOrder.Largest(query.Sort ?? SortBy.Cost));

        return new Report
        {
            Query = query,
            Rows = rows,
            Rest = rest,
            Totals = totals,
            Unpriced =
            [
                .. _models.Where(model => model.Value.Unpriced.Events > 0)
                    .Select(model => new UnpricedModel(model.Key.Provider, model.Key.Model, model.Value))
                    .OrderByDescending(model => model.Totals.Unpriced.Events).ThenBy(model => model.Name, StringComparer.Ordinal),
            ],
            Days = FillDays(),
        };
    }

    /// <summary>Puts the values in the order they were asked for.</summary>
    DimensionValue[] Join(DimensionValue[] names, DimensionValue[] times)
    {
        var (name, time) = (0, 0);

        return [.. query.By.Select(dimension => dimension.IsTime() ? times[time++] : names[name++])];
    }

    List<(DateOnly Day, UsageTotals Totals)> FillDays()
    {
        var used = _days.Where(day => day.Value.All.Events > 0).Select(day => day.Key).Order().ToList();

        return used.Count == 0
            ? []
            : [.. Enumerable.Range(0, used[^1].DayNumber - used[0].DayNumber + 1)
                .Select(used[0].AddDays).Select(day => (day, _days.GetValueOrDefault(day) ?? new UsageTotals()))];
    }

    static UsageTotals Get<TKey>(Dictionary<TKey, UsageTotals> usage, TKey key)
        where TKey : notnull
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(usage, key, out _);

        return found ??= new UsageTotals();
    }
}
