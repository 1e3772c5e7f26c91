using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Adds up sums of events into the rows of a report.</summary>
sealed class ReportBuilder
{
    readonly ReportQuery _query;
    readonly IRollup _rollup;
    readonly bool _hasTimes;
    readonly NameGroups _names;
    readonly TimeGroups _times;
    readonly AcceptedUsage _usage;
    readonly Dictionary<(int Names, int Times), UsageTotals> _groups = [];
    readonly Dictionary<long, (UsageTotals Totals, UsageTotals? Turns)> _modelsById = [];
    readonly Dictionary<(string? Provider, string? Model), UsageTotals> _models = [];
    readonly RowDetails? _details;
    readonly LargestSessions? _largest;
    readonly UsageTotals _rest = new();
    readonly Dictionary<string, UsageTotals> _turns = new(StringComparer.Ordinal);
    int? _firstQuarter, _lastQuarter;

    ReportBuilder(ReportQuery query, IRollup rollup, IResponses responses)
    {
        (_query, _rollup) = (query, rollup);
        _hasTimes = query.By.Any(dimension => dimension.IsTime());
        var needsTrees = query.By.Contains(Dimension.Parent) || query.Where.Any(filter => filter.Dimension is Dimension.Parent);
        var trees = needsTrees ? new SessionTrees(responses.ReadStarters(), query.WithIdentifiers) : null;
        _names = new NameGroups(query, rollup, trees);
        _times = new TimeGroups(query);
        _usage = new AcceptedUsage(query, rollup, _names, new NameGroups(query with { By = [], Detail = RowDetail.None }, rollup, trees), _times);
        _largest = LargestSessions.Find(query, rollup);
        _details = query.Detail is RowDetail.None ? null : new RowDetails(query, rollup, responses);
    }

    /// <summary>Builds a report.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rollup">All events added up.</param>
    /// <param name="responses">Single events.</param>
    public static Report Build(ReportQuery query, IRollup rollup, IResponses responses)
    {
        var builder = new ReportBuilder(query, rollup, responses);
        if (builder._largest is { } largest)
        {
            builder.AddLargest(largest);
        }
        else
        {
            foreach (var (row, names) in builder._usage.Read(query.Range))
            {
                builder.Add(row, names);
            }
        }

        return ReportPeriod.Add(builder.Finish(), builder._usage);
    }

    void AddLargest(LargestSessions largest)
    {
        foreach (var (row, isShown) in largest.Read())
        {
            if (isShown)
            {
                Add(row, _names.Find(row.Attribution, row.Model)!.Value);
            }
            else
            {
                _rest.Add(row.Counts, row.Cost, row.CostClass);
                AddToAll(row);
            }
        }
    }

    void Add(in RollupRow row, int names)
    {
        if (_times.Find(row.Quarter) is { } times)
        {
            Get(_groups, (names, times)).Add(row.Counts, row.Cost, row.CostClass);
            _details?.Add(row, names);
            AddToAll(row);
        }
    }

    void AddToAll(in RollupRow row)
    {
        var model = FindModel(row.Model);
        model.Totals.Add(row.Counts, row.Cost, row.CostClass);
        model.Turns?.Add(row.Counts, row.Cost, row.CostClass);
        if (row.Quarter != QuarterHour.Unknown)
        {
            _firstQuarter = Math.Min(_firstQuarter ?? row.Quarter, row.Quarter);
            _lastQuarter = Math.Max(_lastQuarter ?? row.Quarter, row.Quarter);
        }
    }

    (UsageTotals Totals, UsageTotals? Turns) FindModel(long id)
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_modelsById, id, out var known);
        if (!known)
        {
            var names = _rollup.FindModel(id);
            found = (Get(_models, (names.Provider, names.Model)), names.IsTurn ? Get(_turns, names.Runtime ?? "") : null);
        }

        return found;
    }

    Report Finish()
    {
        var rows = MakeRows();
        var totals = new UsageTotals();
        rows.ForEach(row => totals.Add(row.Totals));
        totals.Add(_rest);

        var rest = default(ReportRest);
        var left = _largest is { } largest ? largest.Count - largest.Shown : 0;
        if (_query.Top is { } top && rows.Count + left > top)
        {
            rows.Sort(RowOrder.Largest(_query.Sort ?? SortBy.Cost));
            rows.Skip(top).ToList().ForEach(row => _rest.Add(row.Totals));
            rest = new ReportRest(rows.Count + left - top, _rest);
            rows.RemoveRange(top, rows.Count - top);
        }

        var (first, last) = (FindDay(_firstQuarter, last: false), FindDay(_lastQuarter, last: true));
        rows.Sort(_query.Sort is null && _hasTimes ? RowOrder.ByName : RowOrder.Largest(_query.Sort ?? SortBy.Cost));

        return new Report
        {
            Query = _query,
            Rows = _details?.AddTo(rows) ?? rows,
            SharedAgents = _largest?.SharedAgents ?? _names.SharedAgents,
            Spikes = _query.WithSpikes && first is { } from && last is { } to
                ? new Spikes(_query, _rollup).Find(_usage, from, to, totals.Known?.Dollars > 0)
                : [],
            Rest = rest,
            Totals = totals,
            Unpriced = ModelsBy(totals => totals.Unpriced.Events),
            Turns =
            [
                .. _turns.OrderByDescending(turns => turns.Value.All.Events).ThenBy(turns => turns.Key, StringComparer.Ordinal)
                    .Select(turns => (turns.Key, turns.Value)),
            ],
            Unmeasured = ModelsBy(totals => totals.UnmeasuredEvents),
            FirstDay = first,
            LastDay = last,
            Days = ReadDays(first, last),
        };
    }

    /// <summary>A row for each group. A report can have 100,000: what they share is in none of them.</summary>
    List<ReportRow> MakeRows()
    {
        var places = RowValues.PlacesOf(_query.By);
        var rows = new List<ReportRow>(_groups.Count);
        foreach (var ((names, times), totals) in _groups)
        {
            rows.Add(new ReportRow(new RowValues(places, _names[names], _times.ValuesOf(times)), totals));
        }

        return rows;
    }

    /// <summary>Models with events of a kind, most of them first.</summary>
    List<ModelTotals> ModelsBy(Func<UsageTotals, long> events) =>
    [
        .. _models.Where(model => events(model.Value) > 0)
            .Select(model => new ModelTotals(model.Key.Provider, model.Key.Model, model.Value))
            .OrderByDescending(model => events(model.Totals)).ThenBy(model => model.Name, StringComparer.Ordinal),
    ];

    /// <summary>The local day of the first or last usage, of which only the day of UTC may be known.</summary>
    DateOnly? FindDay(int? quarter, bool last)
    {
        if (quarter is not { } at)
        {
            return null;
        }

        var day = QuarterHour.DayOf(at);
        var (start, end) = (day * QuarterHour.PerDay, (day + 1) * QuarterHour.PerDay);
        var cut = _times.CutByDay(day);
        if (cut == DayCut.Whole)
        {
            return _times.DayOf(start);
        }

        var quarters = _usage.ReadTotals(Within(start, end), _ => cut).Select(row => row.Quarter);

        return _times.DayOf(last ? quarters.Max() : quarters.Min());
    }

    /// <summary>What of some quarter-hours is in the range of the report.</summary>
    TimeRange Within(int first, int end) => new(
        Math.Max(QuarterHour.StartMs(first), _query.Range.FromMs ?? long.MinValue), Math.Min(QuarterHour.StartMs(end), _query.Range.BeforeMs ?? long.MaxValue));

    /// <summary>Totals of the last local days with usage and of those between them, if they are asked for.</summary>
    List<(DateOnly Day, UsageTotals Totals)> ReadDays(DateOnly? first, DateOnly? last)
    {
        if (!_query.WithDays || first is not { } firstDay || last is not { } lastDay)
        {
            return [];
        }

        firstDay = DateOnly.FromDayNumber(Math.Max(firstDay.DayNumber, lastDay.DayNumber - Report.MaxDays + 1));
        var days = new Dictionary<DateOnly, UsageTotals>();
        foreach (var row in _usage.ReadTotals(_query.Range with { FromMs = Math.Max(_times.StartOf(firstDay), _query.Range.FromMs ?? long.MinValue) }, _times.CutByDay))
        {
            Get(days, _times.DayOf(row.Quarter)).Add(row.Counts, row.Cost, row.CostClass);
        }

        return [.. Enumerable.Range(0, lastDay.DayNumber - firstDay.DayNumber + 1)
            .Select(firstDay.AddDays).Select(day => (day, days.GetValueOrDefault(day) ?? new UsageTotals()))];
    }

    static UsageTotals Get<TKey>(Dictionary<TKey, UsageTotals> usage, TKey key)
        where TKey : notnull
    {
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(usage, key, out _);

        return found ??= new UsageTotals();
    }
}
