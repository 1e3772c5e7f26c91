using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Adds new events to the tables of the roll-up. The view `usage_measures` says the same of each event in SQL.</summary>
sealed class RollupTable : IDisposable
{
    /// <summary>When the call of an event `e` began, else when it was written; ms since 1970.</summary>
    public const string UsageMs = "coalesce(coalesce(e.event_ms, 0) - e.call_ms, e.event_ms)";

    /// <summary>An event with a number of this size has rows to itself, so that no sum of others can exceed 64 bits.</summary>
    const long Absurd = 1L << 40;

    /// <summary>So many events, each below <see cref="Absurd" />, cannot exceed 64 bits.</summary>
    const int PartBits = 23;

    readonly Dictionary<Key, Measures> _pending = [], _days = [], _groupHours = [], _groupDays = [];
    readonly Dictionary<long, long> _groups = [];
    readonly (RollupColumns Table, RawStatement Add)[] _tables;
    readonly SqliteCommand[] _addStored;
    readonly SqliteCommand _findGroup;

    public RollupTable(SqliteConnection connection)
    {
        RollupColumns[] tables = [RollupColumns.Quarters, RollupColumns.Days, RollupColumns.GroupHours, RollupColumns.GroupDays];
        _tables = [.. tables.Select(table => (table, new RawStatement(
            connection, table.AddSql($"VALUES ({string.Join(", ", table.Keys.Concat(table.Sums).Select(_ => "?"))})"))))];
        _addStored = [.. tables.Select(table => connection.Prepare(table.AddStoredSql))];
        _findGroup = connection.Prepare("SELECT group_id FROM event_attributions WHERE id = $p0");
    }

    /// <summary>Adds an event; it is in the tables after <see cref="Flush" />.</summary>
    public void Add(UsageEvent usage, long attributionId, long modelId, long eventId)
    {
        var measures = Measures.Of(usage);
        var quarter = (usage.StartedMs ?? usage.EventMs) is { } ms ? QuarterHour.Of(ms) : QuarterHour.Unknown;
        Add(_pending, new Key(
            quarter, attributionId, modelId, (long)usage.Cost.Class, measures.Counts.Errors,
            measures.Largest < Absurd ? eventId >> PartBits : -eventId), measures);
    }

    /// <summary>Adds an event that is stored, at once.</summary>
    public void AddStored(long eventId) => Array.ForEach(_addStored, add => add.With(eventId).ExecuteNonQuery());

    /// <summary>Writes what was added since the last time.</summary>
    public void Flush()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        foreach (var (key, sums) in _pending)
        {
            var byGroup = key with { Owner = FindGroup(key.Owner) };
            Add(_days, key with { Unit = QuarterHour.DayOf(key.Unit), IsError = 0 }, sums);
            Add(_groupHours, byGroup with { Unit = QuarterHour.HourOf(key.Unit) }, sums);
            Add(_groupDays, byGroup with { Unit = QuarterHour.DayOf(key.Unit) }, sums);
        }

        foreach (var (sums, (table, add)) in new[] { _pending, _days, _groupHours, _groupDays }.Zip(_tables))
        {
            foreach (var (key, sum) in sums)
            {
                Write(table, add, key, sum);
            }
        }

        Clear();
    }

    /// <summary>Forgets what was added since the last time: the transaction failed.</summary>
    public void Clear()
    {
        _pending.Clear();
        _days.Clear();
        _groupHours.Clear();
        _groupDays.Clear();

        // An attribution that changes comes into another group.
        _groups.Clear();
    }

    public void Dispose()
    {
        Array.ForEach(_tables, table => table.Add.Dispose());
        Array.ForEach(_addStored, add => add.Dispose());
        _findGroup.Dispose();
    }

    static void Add(Dictionary<Key, Measures> sums, in Key key, in Measures measures) =>
        CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _).Add(measures);

    static void Write(RollupColumns table, RawStatement add, in Key key, in Measures sums)
    {
        var counts = sums.Counts;
        var parameter = 0;
        foreach (var value in (ReadOnlySpan<long>)[key.Unit, key.Owner, key.Model, key.Cost])
        {
            add.Bind(++parameter, value);
        }

        if (table.IsByGroup)
        {
            add.Bind(++parameter, key.IsError);
        }

        add.Bind(++parameter, key.Part);
        add.Bind(++parameter, counts.Events);
        if (!table.IsByGroup)
        {
            add.Bind(++parameter, counts.Errors);
        }

        foreach (var value in (ReadOnlySpan<long>)
        [
            counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite, counts.Reasoning, counts.ReasoningSaid, counts.Total, sums.CostNano,
            counts.CacheWrite1h,
        ])
        {
            add.Bind(++parameter, value);
        }

        add.Execute();
    }

    long FindGroup(long attribution)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, attribution, out var isKnown);

        return isKnown ? group : group = (long)_findGroup.With(attribution).ExecuteScalar()!;
    }

    /// <param name="Owner">Attribution, or group.</param>
    readonly record struct Key(int Unit, long Owner, long Model, long Cost, long IsError, long Part);

    struct Measures
    {
        public UsageCounts Counts;
        public long CostNano;

        public readonly long Largest =>
            Math.Max(Math.Max(Math.Max(Counts.Input, Counts.Output), Math.Max(Counts.CacheRead, Counts.CacheWrite)), Math.Max(Math.Max(Counts.Reasoning, Counts.Total), Math.Max(Counts.CacheWrite1h, CostNano)));

        public static Measures Of(UsageEvent usage) => new()
        {
            Counts = UsageCounts.Of(usage),
            CostNano = (long)Money.FromDollars(usage.Cost.Total ?? 0).Billionths,
        };

        /// <summary>Adds; <see cref="Key.Part" /> sees to it that 64 bits are enough.</summary>
        public void Add(in Measures other)
        {
            Counts.Add(other.Counts);
            CostNano += other.CostNano;
        }
    }
}
