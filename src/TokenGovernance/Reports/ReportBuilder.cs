using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Adds up sums of events into the rows of a report.</summary>
sealed class ReportBuilder(ReportQuery query, RollupReader rollup)
{
    /// <summary>What a day will come to is no question for the mean of days.</summary>
    const long OutlookFromMs = 36L * 3_600_000;

    readonly IReadOnlyList<Dimension> _timeDimensions = [.. query.By.Where(dimension => dimension.IsTime())];

    readonly NameGroups _names = new(query, rollup);
    readonly TimeGroups _times = new(query);
    readonly Dictionary<(int Names, int Times), UsageTotals> _groups = [];
    readonly Dictionary<long, UsageTotals> _modelsById = [];
    readonly Dictionary<ModelNames, UsageTotals> _models = [];
    int? _firstQuarter, _lastQuarter;

    /// <summary>Builds a report.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rollup">All events added up.</param>
    public static Report Build(ReportQuery query, RollupReader rollup)
    {
        var builder = new ReportBuilder(query, rollup);
        foreach (var row in rollup.Read(query.Range, builder._times.IsOne))
        {
            builder.Add(row);
        }

        return builder.WithPeriod(builder.Finish());
    }

    void Add(in RollupRow row)
    {
        if (_names.Find(row.Attribution, row.Model) is not { } names)
        {
            return;
        }

        Get(_groups, (names, _times.Find(row.Quarter))).Add(row.Counts, row.Cost, row.CostClass);
        FindModel(row.Model).Add(row.Counts, row.Cost, row.CostClass);
        if (row.Quarter != QuarterHour.Unknown)
        {
            _firstQuarter ??= row.Quarter;
            _lastQuarter = row.Quarter;
        }
    }

    UsageTotals FindModel(long id)
    {
        ref var totals = ref CollectionsMarshal.GetValueRefOrAddDefault(_modelsById, id, out _);

        return totals ??= Get(_models, rollup.FindModel(id));
    }

    Report Finish()
    {
        var rows = _groups.Select(group => new ReportRow(Join(_names.ValuesOf(group.Key.Names), _times.ValuesOf(group.Key.Times)), group.Value)).ToList();
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

        var (first, last) = (FindDay(_firstQuarter, last: false), FindDay(_lastQuarter, last: true));
        rows.Sort(query.Sort is null && _timeDimensions.Count > 0 ? RowOrder.ByName : RowOrder.Largest(query.Sort ?? SortBy.Cost));

        return new Report
        {
            Query = query,
            Rows = rows,
            Rest = rest,
            Totals = totals,
            Unpriced = ModelsBy(totals => totals.Unpriced.Events),
            Unmeasured = ModelsBy(totals => totals.UnmeasuredEvents),
            FirstDay = first,
            LastDay = last,
            Days = ReadDays(first, last),
        };
    }

    /// <summary>Models with events of a kind, most of them first.</summary>
    List<ModelTotals> ModelsBy(Func<UsageTotals, long> events) =>
    [
        .. _models.Where(model => events(model.Value) > 0)
            .Select(model => new ModelTotals(model.Key.Provider, model.Key.Model, model.Value))
            .OrderByDescending(model => events(model.Totals)).ThenBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>Adds what the period before came to, and what this one will.</summary>
    Report WithPeriod(Report report)
    {
        if (query.NowMs is not { } now || PeriodPair.Of(new LocalCalendar(query.Zone), query.Range, now) is not { } period)
        {
            return report;
        }

        IEnumerable<RollupRow> Read(TimeRange range) => rollup.Read(range, _ => true).Where(row => _names.Find(row.Attribution, row.Model) is not null);

        var before = new UsageTotals();
        foreach (var row in Read(period.Before))
        {
            before.Add(row.Counts, row.Cost, row.CostClass);
        }

        return report with
        {
            Period = period,
            Before = before,
            Outlook = period.IsUnfinished && period.EndMs - query.Range.FromMs > OutlookFromMs && query.Range.BeforeMs is not null
                ? Outlook.Of(report.Totals, period.EndMs, now, Read)
                : null,
        };
    }

    /// <summary>Puts the values in the order they were asked for.</summary>
    DimensionValue[] Join(DimensionValue[] names, DimensionValue[] times)
    {
        var (name, time) = (0, 0);

        return [.. query.By.Select(dimension => dimension.IsTime() ? times[time++] : names[name++])];
    }

    /// <summary>The local day of the first or last usage, of which only the day of UTC may be known.</summary>
    DateOnly? FindDay(int? quarter, bool last)
    {
        if (quarter is not { } at)
        {
            return null;
        }

        var day = QuarterHour.DayOf(at);
        var (from, before) = (QuarterHour.StartMs(day * QuarterHour.PerDay), QuarterHour.StartMs((day + 1) * QuarterHour.PerDay));
        var quarters = Accepted(new TimeRange(Math.Max(from, query.Range.FromMs ?? from), Math.Min(before, query.Range.BeforeMs ?? before)))
            .Select(row => row.Quarter).ToList();

        return _times.DayOf(last ? quarters[^1] : quarters[0]);
    }

    /// <summary>Totals of the last local days with usage and of those between them, if they are asked for.</summary>
    List<(DateOnly Day, UsageTotals Totals)> ReadDays(DateOnly? first, DateOnly? last)
    {
        if (!query.WithDays || first is not { } firstDay || last is not { } lastDay)
        {
            return [];
        }

        firstDay = DateOnly.FromDayNumber(Math.Max(firstDay.DayNumber, lastDay.DayNumber - Report.MaxDays + 1));
        var days = new Dictionary<DateOnly, UsageTotals>();
        foreach (var row in Accepted(query.Range with { FromMs = Math.Max(_times.StartOf(firstDay), query.Range.FromMs ?? long.MinValue) }))
        {
            Get(days, _times.DayOf(row.Quarter)).Add(row.Counts, row.Cost, row.CostClass);
        }

        return [.. Enumerable.Range(0, lastDay.DayNumber - firstDay.DayNumber + 1)
            .Select(firstDay.AddDays).Select(day => (day, days.GetValueOrDefault(day) ?? new UsageTotals()))];
    }

    /// <summary>Quarters of an hour of a range, without what the filters leave out.</summary>
    IEnumerable<RollupRow> Accepted(TimeRange range) =>
        rollup.Read(range, _ => false).Where(row => _names.Find(row.Attribution, row.Model) is not null);

    static UsageTotals Get<TKey>(Dictionary<TKey, UsageTotals> usage, TKey key)
        where TKey : notnull
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(usage, key, out _);

        return found ??= new UsageTotals();
    }
}
