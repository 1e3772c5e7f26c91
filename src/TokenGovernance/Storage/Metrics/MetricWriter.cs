using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Metrics;

/// <summary>Writes sums to the counters, as long as there is room for new ones; then one takes the rest.</summary>
sealed class MetricWriter(SqliteConnection connection)
{
    static readonly string[] SeriesKey = ["agent", "provider", "model", "channel", "trigger"];

    static readonly string[] SeriesSums =
    [
        "responses", "errors", "unpriced", "unmeasured", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens",
        "recorded_responses", "recorded_nano", "billed_responses", "billed_nano",
    ];

    static readonly string[] JobSums = ["tokens", "priced_responses", "cost_nano"];

    /// <summary>Adds what was counted.</summary>
    /// <returns>How many responses went to the series that takes the rest.</returns>
    public long Write(IReadOnlyDictionary<MetricLabels, MetricSums> series, IReadOnlyDictionary<(string Agent, string Job), JobSums> jobs)
    {
        var known = connection.QueryInt("SELECT count(*) FROM metric_series");
        var dropped = 0L;
        using var upsert = connection.Prepare(Upsert("metric_series", SeriesKey, SeriesSums));
        using var find = connection.Prepare("SELECT 1 FROM metric_series WHERE (agent, provider, model, channel, trigger) = ($p0, $p1, $p2, $p3, $p4)");
        foreach (var (labels, sums) in series.OrderByDescending(pair => pair.Value.Responses))
        {
            var hasRoom = HasRoom(find.With(labels.Agent, labels.Provider, labels.Model, labels.Channel, labels.Trigger), ref known, MetricLabels.MostSeries);
            dropped += hasRoom ? 0 : sums.Responses;
            var to = hasRoom ? labels : MetricLabels.Rest;
            upsert.With(
                to.Agent, to.Provider, to.Model, to.Channel, to.Trigger, sums.CreatedMs, sums.Responses, sums.Errors, sums.Unpriced, sums.Unmeasured,
                sums.Input, sums.Output, sums.CacheRead, sums.CacheWrite, sums.RecordedResponses, sums.RecordedNano, sums.BilledResponses, sums.BilledNano)
                .ExecuteNonQuery();
        }

        WriteJobs(jobs);

        return dropped;
    }

    void WriteJobs(IReadOnlyDictionary<(string Agent, string Job), JobSums> jobs)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        var known = connection.QueryInt("SELECT count(*) FROM metric_jobs");
        using var upsert = connection.Prepare(Upsert("metric_jobs", ["agent", "job"], JobSums));
        using var find = connection.Prepare("SELECT 1 FROM metric_jobs WHERE (agent, job) = ($p0, $p1)");
        foreach (var (key, sums) in jobs.OrderByDescending(pair => pair.Value.Tokens))
        {
            var (agent, job) = HasRoom(find.With(key.Agent, key.Job), ref known, MetricLabels.MostJobs) ? key : (MetricLabels.Other, MetricLabels.Other);
            upsert.With(agent, job, sums.CreatedMs, sums.Tokens, sums.PricedResponses, sums.CostNano).ExecuteNonQuery();
        }
    }

    /// <summary>True if there is a row already, or may be one more; that one is counted then.</summary>
    static bool HasRoom(SqliteCommand find, ref int known, int most)
    {
        if (find.ExecuteScalar() is not null)
        {
            return true;
        }

        var hasRoom = known < most;
        known += hasRoom ? 1 : 0;

        return hasRoom;
    }

    static string Upsert(string table, string[] key, string[] sums)
    {
        string[] columns = [.. key, "created_ms", .. sums];
        var add = sums.Select(sum => $"{sum} = CASE WHEN {sum} > {long.MaxValue} - excluded.{sum} THEN {long.MaxValue} ELSE {sum} + excluded.{sum} END");

        return $"""
            INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})
            ON CONFLICT DO UPDATE SET {string.Join(", ", add)}
            """;
    }
}
