using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events of a range of time added up at one level: days where those will do, else what is shorter, else single events.</summary>
/// <remarks>
///     Where a day has to be cut, only the shorter part of it is read in detail. The other one is what that leaves of the day: exact, as each
///     sum of a day holds the same events as those of its parts.
/// </remarks>
abstract class LevelReader(SqliteConnection connection, string days, string quarters, string events) : IDisposable
{
    readonly LazyRows _days = new(connection, days), _quarters = new(connection, quarters), _events = new(connection, events);
    readonly List<RollupRow> _rows = [];
    readonly Dictionary<(long Attribution, long Model, CostClass Cost, long Part, bool IsError), RollupRow> _left = [];

    /// <summary>Failed calls have sums of their own.</summary>
    protected virtual bool IsFailedApart => false;

    /// <summary>Returns sums in the order of time; those of events without a time, in an open range only, come first.</summary>
    /// <param name="range">By the start of the call.</param>
    /// <param name="cutOf">Which sums of a day, counted since 1970, UTC, will do.</param>
    public IEnumerable<RollupRow> Read(TimeRange range, Func<int, DayCut> cutOf)
    {
        var (first, last) = DaysOf(range);
        _days.Rows.Begin(first, last);
        var hasNext = _days.Rows.Next();
        while (hasNext)
        {
            var day = (int)_days.Rows.GetInteger(0);
            var quarter = day == QuarterHour.Unknown ? day : day * QuarterHour.PerDay;
            var cut = cutOf(day);
            if (cut == DayCut.Whole && !IsCut(range, day))
            {
                do
                {
                    yield return RollupRow.Read(_days.Rows, 1, quarter);
                    hasNext = _days.Rows.Next();
                }
                while (hasNext && _days.Rows.GetInteger(0) == day);

                continue;
            }

            _rows.Clear();
            do
            {
                _rows.Add(RollupRow.Read(_days.Rows, 1, quarter));
                hasNext = _days.Rows.Next();
            }
            while (hasNext && _days.Rows.GetInteger(0) == day);

            foreach (var row in ReadDay(day, range, cut))
            {
                yield return row;
            }
        }

        _days.Rows.Reset();
    }

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        _days.Dispose();
        _quarters.Dispose();
        _events.Dispose();
    }

    /// <summary>Reads a part of a day in detail.</summary>
    /// <param name="from">Its beginning, in ms since 1970.</param>
    /// <param name="before">Its end.</param>
    /// <param name="step">Quarter-hours that each sum may be of.</param>
    protected virtual IEnumerable<RollupRow> ReadSpan(long from, long before, int step)
    {
        if (from >= before)
        {
            return [];
        }

        var (first, end) = (QuarterHour.Of(from + QuarterHour.Ms - 1), QuarterHour.Of(before));
        if (first > end)
        {
            // Both bounds lie inside of one quarter.
            return ReadEvents(end, from, before);
        }

        return ReadEvents(QuarterHour.Of(from), from, QuarterHour.StartMs(first))
            .Concat(ReadQuarters(first, end))
            .Concat(ReadEvents(end, QuarterHour.StartMs(end), before));
    }

    /// <summary>Returns the sums of quarter-hours.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="end">The first one after the last.</param>
    public IEnumerable<RollupRow> ReadQuarters(int first, int end) => ReadRows(_quarters.Rows, first, end, hours: false);

    protected static IEnumerable<RollupRow> ReadRows(SqliteRows rows, int first, int end, bool hours)
    {
        if (first >= end)
        {
            yield break;
        }

        rows.Begin(first, end);
        while (rows.Next())
        {
            yield return RollupRow.Read(rows, 1, (int)rows.GetInteger(0) * (hours ? DayCut.EachHour.Step : 1));
        }

        rows.Reset();
    }

    protected IEnumerable<RollupRow> ReadEvents(int quarter, long from, long before)
    {
        if (from >= before)
        {
            yield break;
        }

        _events.Rows.Begin(quarter, from, before);
        while (_events.Rows.Next())
        {
            yield return RollupRow.Read(_events.Rows, 1, quarter);
        }

        _events.Rows.Reset();
    }

    static (int First, int Last) DaysOf(TimeRange range) => (
        range.FromMs is { } from ? QuarterHour.DayOf(QuarterHour.Of(from)) : range.BeforeMs is null ? QuarterHour.Unknown : QuarterHour.Unknown + 1,
        range.BeforeMs is { } before ? QuarterHour.DayOf(QuarterHour.Of(before - 1)) : int.MaxValue);

    static long StartOf(int day) => QuarterHour.StartMs(day * QuarterHour.PerDay);

    static bool IsCut(TimeRange range, int day) => day != QuarterHour.Unknown && (StartOf(day) < range.FromMs || StartOf(day + 1) > range.BeforeMs);

    IEnumerable<RollupRow> ReadDay(int day, TimeRange range, DayCut cut)
    {
        var (start, end) = (StartOf(day), StartOf(day + 1));
        var (from, before) = (Math.Max(range.FromMs ?? start, start), Math.Min(range.BeforeMs ?? end, end));
        if (cut.Step > 0)
        {
            return ReadSpan(from, before, cut.Step);
        }

        var middle = Math.Clamp(start + (cut.At * QuarterHour.Ms), from, before);
        (long From, long Before, bool IsAsked)[] spans = [(start, from, false), (from, middle, true), (middle, before, true), (before, end, false)];
        var longest = spans.MaxBy(span => span.Before - span.From);

        return longest.IsAsked
            ? ReadRest([.. spans.Where(span => span != longest)], longest.From)
            : ReadSpan(from, middle, DayCut.EachHour.Step).Concat(ReadSpan(middle, before, DayCut.EachHour.Step));
    }

    /// <summary>Reads all of a day in detail but its longest part, which is what is left of the day.</summary>
    IEnumerable<RollupRow> ReadRest((long From, long Before, bool IsAsked)[] others, long longest)
    {
        _left.Clear();
        foreach (var row in _rows)
        {
            Add(row);
        }

        var asked = new List<RollupRow>();
        foreach (var span in others)
        {
            foreach (var row in ReadSpan(span.From, span.Before, DayCut.EachHour.Step))
            {
                Add(row with { Counts = row.Counts.Negative(), Cost = new Money(-row.Cost.Billionths) }, row.Counts.Errors > 0);
                if (span.IsAsked)
                {
                    asked.Add(row);
                }
            }
        }

        var first = QuarterHour.Of(longest);
        var left = _left.Values.Where(row => row.Counts.Events != 0).Select(row => row with { Quarter = first });

        return asked.Where(row => row.Quarter < first).Concat(left).Concat(asked.Where(row => row.Quarter >= first));
    }

    void Add(in RollupRow row) => Add(row, row.Counts.Errors > 0);

    void Add(in RollupRow row, bool isError)
    {
        ref var left = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _left, (row.Attribution, row.Model, row.CostClass, row.Part, IsFailedApart && isError), out var isKnown);
        var counts = left.Counts;
        counts.Add(row.Counts);
        left = isKnown ? left with { Counts = counts, Cost = left.Cost + row.Cost } : row;
    }
}
