using System.Globalization;
using TokenGovernance.Reports;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Export;

/// <summary>How an export is divided.</summary>
enum PartitionUnit
{
    Month,
    Day,
    None,
}

/// <summary>The parts of an export: months or days of a time zone.</summary>
sealed class Partitions(PartitionUnit unit, TimeZoneInfo zone)
{
    /// <summary>What Hive, Spark and DuckDB call the part of rows without a value.</summary>
    const string Unknown = "__HIVE_DEFAULT_PARTITION__";

    readonly LocalCalendar _calendar = new(zone);
    Partition _last = new("", 0, 0);

    /// <summary>The part that a moment (in ms since 1970) is in; what is no time has one of its own.</summary>
    public Partition Of(long ms)
    {
        if (!_last.Contains(ms))
        {
            _last = Find(ms);
        }

        return _last;
    }

    /// <summary>The name of the folder of a part, as Hive names them.</summary>
    /// <param name="table">The table; its times are called by its first word: `usage_month`.</param>
    public string FolderOf(string table, Partition partition) => unit is PartitionUnit.None
        ? table
        : $"{table}/{NameOf(table)}={partition.Value}";

    string NameOf(string table) => $"{(table == "usage_events" ? "usage" : "snapshot")}_{(unit is PartitionUnit.Month ? "month" : "day")}";

    Partition Find(long ms)
    {
        if (unit is PartitionUnit.None)
        {
            return new Partition("all", long.MinValue, long.MaxValue);
        }

        if (ms == RowPlace.Unknown)
        {
            return new Partition(Unknown, ms, ms + 1);
        }

        var day = _calendar.DayOf(ms);
        if (unit is PartitionUnit.Day)
        {
            return new Partition(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), _calendar.StartOf(day), _calendar.StartOf(day.AddDays(1)));
        }

        var first = new DateOnly(day.Year, day.Month, 1);

        return new Partition(first.ToString("yyyy-MM", CultureInfo.InvariantCulture), _calendar.StartOf(first), _calendar.StartOf(first.AddMonths(1)));
    }
}

/// <summary>A part of an export: its name, and from when to before when.</summary>
readonly record struct Partition(string Value, long FromMs, long BeforeMs)
{
    public bool Contains(long ms) => ms >= FromMs && ms < BeforeMs;
}
