using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>The fine level: sums by attribution, which knows the session.</summary>
sealed class AttributionLevel(SqliteConnection connection)
    : LevelReader(connection, "days", "quarters", "events of a quarter")
{
    readonly LazyRows _failing = new(connection, "attributions with failed calls");
    readonly LazyRows _failed = new(connection, "failed and other events of an attribution");

    readonly KeptSums _kept = new(connection, byGroup: false);

    /// <summary>As <see cref="LevelReader.Read" />, but each sum is of failed calls only or of others only, and in no order.</summary>
    /// <remarks>The sums of this level do not tell failed calls apart: of attributions that have any, the events are read.</remarks>
    public IEnumerable<RollupRow> ReadFailedApart(TimeRange range, Func<int, DayCut> cutOf)
    {
        var failing = ReadFailing(range);
        foreach (var row in Read(range, cutOf))
        {
            if (!failing.Contains(row.Attribution))
            {
                yield return row;
            }
        }

        var isOpen = range.FromMs is null && range.BeforeMs is null;
        foreach (var attribution in failing)
        {
            _failed.Rows.Begin(attribution, range.FromMs ?? long.MinValue, range.BeforeMs ?? long.MaxValue, isOpen ? 0 : long.MaxValue);
            while (_failed.Rows.Next())
            {
                yield return RollupRow.Read(_failed.Rows, 1, (int)_failed.Rows.GetInteger(0));
            }
        }

        _failed.Rows.Reset();
        foreach (var row in _kept.Read(QuarterFrom(range), QuarterBefore(range)).Where(row => failing.Contains(row.Attribution)))
        {
            yield return row;
        }
    }

    protected override void Dispose(bool isDisposing)
    {
        _failing.Dispose();
        _failed.Dispose();
        _kept.Dispose();
        base.Dispose(isDisposing);
    }

    /// <summary>Sums whose events are gone are of whole quarter-hours, and so is a range where there are any.</summary>
    static int QuarterFrom(TimeRange range) => range.FromMs is { } from ? QuarterHour.Of(from) : QuarterHour.Unknown + 1;

    static int QuarterBefore(TimeRange range) => range.BeforeMs is { } before ? QuarterHour.Of(before - 1) + 1 : int.MaxValue;

    HashSet<long> ReadFailing(TimeRange range)
    {
        var failing = new HashSet<long>();
        _failing.Rows.Begin(
            range.FromMs is { } from ? QuarterHour.DayOf(QuarterHour.Of(from)) : int.MinValue,
            range.BeforeMs is { } before ? QuarterHour.DayOf(QuarterHour.Of(before)) : int.MaxValue);
        while (_failing.Rows.Next())
        {
            failing.Add(_failing.Rows.GetInteger(0));
        }

        _failing.Rows.Reset();

        return failing;
    }
}
