using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Adds new events to `usage_quarters` and `usage_days`. The view `usage_measures` says the same of each event in SQL.</summary>
sealed class RollupTable : IDisposable
{
    /// <summary>When the call of an event `e` began, else when it was written; ms since 1970.</summary>
    public const string UsageMs = "coalesce(coalesce(e.event_ms, 0) - e.call_ms, e.event_ms)";

    /// <summary>An event with a number of this size has rows to itself, so that no sum of others can exceed 64 bits.</summary>
    const long Absurd = 1L << 40;

    /// <summary>So many events, each below <see cref="Absurd" />, cannot exceed 64 bits.</summary>
    const int PartBits = 23;

    static readonly string[] Sums =
    [
        "events", "errors", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "reasoning_events",
        "total_tokens", "cost_nano", "cache_write_1h_tokens",
    ];

    readonly Pending _quarters, _days;
    readonly SqliteCommand _addToQuarters, _addToDays;

    public RollupTable(SqliteConnection connection)
    {
        _quarters = new Pending(connection, "usage_quarters", "quarter");
        _days = new Pending(connection, "usage_days", "day");
        _addToQuarters = connection.Prepare(AddSql("usage_quarters", "quarter"));
        _addToDays = connection.Prepare(AddSql("usage_days", "day"));
    }

    /// <summary>Adds an event; it is in the tables after <see cref="Flush" />.</summary>
    public void Add(UsageEvent usage, long attributionId, long modelId, long eventId)
    {
        var measures = Measures.Of(usage);
        var quarter = (usage.StartedMs ?? usage.EventMs) is { } ms ? QuarterHour.Of(ms) : QuarterHour.Unknown;
        var key = new Key(quarter, attributionId, modelId, (long)usage.Cost.Class, measures.Largest < Absurd ? eventId >> PartBits : -eventId);
        _quarters.Add(key, measures);
        _days.Add(key with { Unit = QuarterHour.DayOf(quarter) }, measures);
    }

    /// <summary>Adds an event that is stored, at once.</summary>
    public void AddStored(long eventId)
    {
        _addToQuarters.With(eventId).ExecuteNonQuery();
        _addToDays.With(eventId).ExecuteNonQuery();
    }

    /// <summary>Writes what was added since the last time.</summary>
    public void Flush()
    {
        _quarters.Flush();
        _days.Flush();
    }

    /// <summary>Forgets what was added since the last time: the transaction failed.</summary>
    public void Clear()
    {
        _quarters.Clear();
        _days.Clear();
    }

    public void Dispose()
    {
        _quarters.Dispose();
        _days.Dispose();
        _addToQuarters.Dispose();
        _addToDays.Dispose();
    }

    static string AddSql(string table, string unit) => $"""
        INSERT INTO {table} ({unit}, attribution_id, model_id, cost_class, part, {string.Join(", ", Sums)})
        SELECT {unit}, attribution_id, model_id, cost_class, part, {string.Join(", ", Sums)} FROM usage_measures WHERE id = $p0
        ON CONFLICT DO UPDATE SET {string.Join(", ", Sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"))}
        """;

    readonly record struct Key(int Unit, long Attribution, long Model, long Cost, long Part);

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

    /// <summary>Sums of one table that are not written yet.</summary>
    sealed class Pending(SqliteConnection connection, string table, string unit) : IDisposable
    {
        readonly Dictionary<Key, Measures> _sums = [];
        readonly RawStatement _add = new(connection, $"""
            INSERT INTO {table} ({unit}, attribution_id, model_id, cost_class, part, {string.Join(", ", Sums)})
            VALUES (?, ?, ?, ?, ?{string.Concat(Sums.Select(_ => ", ?"))})
            ON CONFLICT DO UPDATE SET {string.Join(", ", Sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"))}
            """);

        public void Add(in Key key, in Measures measures) => CollectionsMarshal.GetValueRefOrAddDefault(_sums, key, out _).Add(measures);

        public void Flush()
        {
            foreach (var (key, sums) in _sums)
            {
                Write(key, sums);
            }

            _sums.Clear();
        }

        public void Clear() => _sums.Clear();

        public void Dispose() => _add.Dispose();

        void Write(in Key key, in Measures sums)
        {
            var counts = sums.Counts;
            ReadOnlySpan<long> values =
            [
                key.Unit, key.Attribution, key.Model, key.Cost, key.Part, counts.Events, counts.Errors, counts.Input, counts.Output,
                counts.CacheRead, counts.CacheWrite, counts.Reasoning, counts.ReasoningSaid, counts.Total, sums.CostNano, counts.CacheWrite1h,
            ];
            for (var i = 0; i < values.Length; i++)
            {
                _add.Bind(i + 1, values[i]);
            }

            _add.Execute();
        }
    }
}
