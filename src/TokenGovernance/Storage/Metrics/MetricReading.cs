using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Metrics;

/// <summary>All counters, and how the collector is, at one moment.</summary>
sealed record MetricReading
{
    public required IReadOnlyList<(MetricLabels Labels, MetricSums Sums)> Series { get; init; }

    public required IReadOnlyList<(string Agent, string Job, JobSums Sums)> Jobs { get; init; }

    /// <summary>When counting began, in ms since 1970; NULL: it has not.</summary>
    public required long? CreatedMs { get; init; }

    /// <summary>Responses that no series had room for.</summary>
    public required long Dropped { get; init; }

    /// <summary>Of the last pass.</summary>
    public required long FailedSources { get; init; }

    /// <summary>Since counting began.</summary>
    public required long BadLines { get; init; }

    /// <summary>How many checkpoints there are.</summary>
    public required long Sources { get; init; }

    /// <summary>When the newest response was written.</summary>
    public required long? NewestEventMs { get; init; }

    /// <summary>Changes with every quota reading.</summary>
    public required long LastSnapshot { get; init; }

    public static MetricReading Read(SqliteConnection connection)
    {
        using var state = new SqliteRows(connection, """
            SELECT created_ms, dropped, failed_sources, bad_lines, (SELECT count(*) FROM collector_state), (SELECT max(id) FROM provider_usage_snapshots)
            FROM metric_state
            """);
        state.Next();

        return new MetricReading
        {
            Series = ReadSeries(connection),
            Jobs = ReadJobs(connection),
            CreatedMs = state.TypeOf(0) is CellType.Null ? null : state.GetInteger(0),
            Dropped = state.GetInteger(1),
            FailedSources = state.GetInteger(2),
            BadLines = state.GetInteger(3),
            Sources = state.GetInteger(4),
            LastSnapshot = state.GetInteger(5),
            NewestEventMs = connection.QueryLong("SELECT event_ms FROM event_facts WHERE id = (SELECT max(id) FROM event_facts)"),
        };
    }

    static List<(MetricLabels Labels, MetricSums Sums)> ReadSeries(SqliteConnection connection)
    {
        using var rows = new SqliteRows(connection, """
            SELECT agent, provider, model, channel, trigger, created_ms, responses, errors, unpriced, unmeasured, input_tokens, output_tokens,
              cache_read_tokens, cache_write_tokens, recorded_responses, recorded_nano, billed_responses, billed_nano
            FROM metric_series ORDER BY agent, provider, model, channel, trigger
            """);
        var series = new List<(MetricLabels Labels, MetricSums Sums)>();
        while (rows.Next())
        {
            string Text(int column) => rows.GetString(column) ?? "";
            series.Add((new MetricLabels(Text(0), Text(1), Text(2), Text(3), Text(4)), new MetricSums
            {
                CreatedMs = rows.GetInteger(5),
                Responses = rows.GetInteger(6),
                Errors = rows.GetInteger(7),
                Unpriced = rows.GetInteger(8),
                Unmeasured = rows.GetInteger(9),
                Input = rows.GetInteger(10),
                Output = rows.GetInteger(11),
                CacheRead = rows.GetInteger(12),
                CacheWrite = rows.GetInteger(13),
                RecordedResponses = rows.GetInteger(14),
                RecordedNano = rows.GetInteger(15),
                BilledResponses = rows.GetInteger(16),
                BilledNano = rows.GetInteger(17),
            }));
        }

        return series;
    }

    static List<(string Agent, string Job, JobSums Sums)> ReadJobs(SqliteConnection connection)
    {
        using var rows = new SqliteRows(connection, "SELECT agent, job, created_ms, tokens, priced_responses, cost_nano FROM metric_jobs ORDER BY agent, job");
        var jobs = new List<(string Agent, string Job, JobSums Sums)>();
        while (rows.Next())
        {
            jobs.Add((rows.GetString(0) ?? "", rows.GetString(1) ?? "", new JobSums
            {
                CreatedMs = rows.GetInteger(2),
                Tokens = rows.GetInteger(3),
                PricedResponses = rows.GetInteger(4),
                CostNano = rows.GetInteger(5),
            }));
        }

        return jobs;
    }
}
