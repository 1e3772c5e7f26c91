using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>The coarse level: sums of all that differs only in its session, failed calls apart.</summary>
/// <param name="connection">The store.</param>
/// <param name="isFailedApart">Whether that matters to who reads: shorter spans than an hour are read by single events then.</param>
sealed class GroupLevel(SqliteConnection connection, bool isFailedApart)
    : LevelReader(connection, "days of groups", "quarters of groups", "events of a quarter, by group")
{
    readonly LazyRows _hours = new(connection, "hours of groups");
    readonly KeptSums _kept = new(connection, byGroup: true);

    protected override bool IsFailedApart => isFailedApart;

    protected override IEnumerable<RollupRow> ReadSpan(long from, long before, int step)
    {
        var (first, end) = (HourFrom(from), HourOf(before));
        if (step < DayCut.EachHour.Step || first >= end)
        {
            return ReadShort(from, before);
        }

        return ReadShort(from, StartOfHour(first)).Concat(ReadRows(_hours.Rows, first, end, hours: true)).Concat(ReadShort(StartOfHour(end), before));
    }

    protected override void Dispose(bool isDisposing)
    {
        _hours.Dispose();
        _kept.Dispose();
        base.Dispose(isDisposing);
    }

    static int HourOf(long ms) => QuarterHour.HourOf(QuarterHour.Of(ms));

    static int HourFrom(long ms) => HourOf(ms) + (StartOfHour(HourOf(ms)) == ms ? 0 : 1);

    static long StartOfHour(int hour) => QuarterHour.StartMs(hour * DayCut.EachHour.Step);

    IEnumerable<RollupRow> ReadShort(long from, long before)
    {
        if (!isFailedApart)
        {
            return base.ReadSpan(from, before, step: 1);
        }

        return QuartersIn(from, before).SelectMany(quarter => ReadEvents(
            quarter, Math.Max(from, QuarterHour.StartMs(quarter)), Math.Min(before, QuarterHour.StartMs(quarter + 1)))
            .Concat(_kept.Read(quarter, quarter + 1)));
    }

    static IEnumerable<int> QuartersIn(long from, long before)
    {
        for (var quarter = QuarterHour.Of(from); QuarterHour.StartMs(quarter) < before; quarter++)
        {
            yield return quarter;
        }
    }
}
