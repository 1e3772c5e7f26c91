using Npgsql;
using NpgsqlTypes;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>The spans of time that sums are asked for: where each begins.</summary>
sealed class FleetSpans(NpgsqlConnection connection)
{
    /// <summary>Ten years. Beyond them it is looked up which days have usage: a clock that was wrong makes few of them.</summary>
    const int MostDays = 3_660;

    /// <summary>Finds them.</summary>
    /// <param name="range">Of when.</param>
    /// <param name="cutOf">Which sums of a day, counted since 1970, UTC, will do.</param>
    /// <returns>The quarter-hours that spans begin with, in order.</returns>
    public List<int> Find(TimeRange range, Func<int, DayCut> cutOf)
    {
        var starts = new List<int>();
        foreach (var day in FindDays(range))
        {
            var (first, cut) = (day * QuarterHour.PerDay, cutOf(day));
            if (cut.Step > 0)
            {
                starts.AddRange(Enumerable.Range(0, QuarterHour.PerDay / cut.Step).Select(step => first + (step * cut.Step)));
            }
            else
            {
                starts.Add(first);
                if (cut.At > 0)
                {
                    starts.Add(first + cut.At);
                }
            }
        }

        return starts;
    }

    /// <summary>The beginnings as a parameter.</summary>
    public static NpgsqlParameter Parameter(List<int> starts) => new NpgsqlParameter<DateTime[]>
    {
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        TypedValue = [.. starts.Select(quarter => UsageSql.TimeOf(QuarterHour.StartMs(quarter)))],
    };

    IEnumerable<int> FindDays(TimeRange range)
    {
        var (from, last) = range is { FromMs: { } fromMs, BeforeMs: { } beforeMs } && beforeMs - fromMs < MostDays * QuarterHour.DayMs
            ? (fromMs, beforeMs - 1)
            : ReadBounds(range);
        if (from > last)
        {
            return [];
        }

        var (first, end) = (DayOf(from), DayOf(last) + 1);

        return end - first <= MostDays ? Enumerable.Range(first, end - first) : ReadDays(range);
    }

    /// <summary>When the first and last call of a range began, or a day before and after: by indexes.</summary>
    (long From, long Last) ReadBounds(TimeRange range)
    {
        var bounds = connection.ReadAll(
            $"""
            SELECT
              (SELECT e.event_ts - interval '24 hours' FROM usage_events AS e WHERE NOT e.is_undated ORDER BY e.event_ts LIMIT 1),
              (SELECT e.event_ts + interval '24 hours' FROM usage_events AS e WHERE NOT e.is_undated ORDER BY e.event_ts DESC LIMIT 1),
              (SELECT min(e.started_ts) FROM usage_events AS e WHERE {UsageSql.IsOdd}),
              (SELECT max(e.started_ts) FROM usage_events AS e WHERE {UsageSql.IsOdd})
            """,
            [],
            row => (From: Least(row.Ms(0), row.Ms(2)), Last: -Least(-row.Ms(1), -row.Ms(3))))[0];

        return (Math.Max(bounds.From ?? 0, range.FromMs ?? long.MinValue), Math.Min(bounds.Last ?? -1, (range.BeforeMs ?? long.MaxValue) - 1));
    }

    List<int> ReadDays(TimeRange range) => connection.ReadAll(
        $"SELECT DISTINCT floor(extract(epoch FROM m.usage_ts) / 86400)::integer AS day {UsageSql.From(range, 1)} WHERE m.usage_ts IS NOT NULL ORDER BY 1",
        UsageSql.BoundsOf(range),
        row => row.GetInt32(0));

    static int DayOf(long ms) => QuarterHour.DayOf(QuarterHour.Of(ms));

    static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
