using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Numbers the combinations of spans of time that rows are made of.</summary>
sealed class TimeGroups(ReportQuery query)
{
    readonly LocalCalendar _calendar = new(query.Zone);
    readonly IReadOnlyList<Dimension> _dimensions = [.. query.By.Where(dimension => dimension.IsTime())];
    readonly IReadOnlyList<NameFilter> _filters = [.. query.Where.Where(filter => filter.Dimension.IsTime())];
    readonly bool _hasHours = query.By.Contains(Dimension.Hour);
    readonly Dictionary<int, int?> _found = [];
    readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    readonly List<DimensionValue[]> _values = [];
    int _lastQuarter = int.MaxValue;
    int? _lastGroup;

    /// <summary>A filter asks for a span of time that comes again, such as a weekday.</summary>
    public bool HasFilters => _filters.Count > 0;

    public DimensionValue[] ValuesOf(int group) => _values[group];

    /// <summary>The group of a quarter of an hour, or NULL if a filter leaves it out.</summary>
    public int? Find(int quarter)
    {
        if (quarter != _lastQuarter)
        {
            (_lastQuarter, _lastGroup) = (quarter, FindGroup(quarter));
        }

        return _lastGroup;
    }

    /// <summary>Which sums of a day of UTC, counted since 1970, are each in one group.</summary>
    public DayCut CutOf(int day) =>
        _dimensions.Count == 0 && _filters.Count == 0 ? DayCut.Whole
        : _hasHours && day != QuarterHour.Unknown ? (_calendar.HasWholeHours(day) ? DayCut.EachHour : DayCut.EachQuarter)
        : DayCut.Of(day, FindGroup);

    /// <summary>Which sums of a day of UTC are each of one local day.</summary>
    public DayCut CutByDay(int day) => _calendar.CutOf(day);

    public DateOnly DayOf(int quarter) => _calendar.DayOf(quarter);

    public long StartOf(DateOnly day) => _calendar.StartOf(day);

    int? FindGroup(int quarter)
    {
        // All quarters of a local day are in one group, but for hours.
        var key = quarter == QuarterHour.Unknown || _hasHours ? quarter : _dimensions.Count == 0 && _filters.Count == 0 ? 0 : _calendar.DayOf(quarter).DayNumber;
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_found, key, out var known);

        return known ? group : group = AddGroup(quarter);
    }

    int? AddGroup(int quarter)
    {
        if (!_filters.All(filter => filter.Accepts(_calendar.Place(filter.Dimension, quarter).Id)))
        {
            return null;
        }

        var values = _dimensions.Select(dimension => _calendar.Place(dimension, quarter)).ToArray();
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, string.Join('\n', values.Select(value => value.Id)), out var known);
        if (!known)
        {
            group = _values.Count;
            _values.Add(values);
        }

        return group;
    }
}
