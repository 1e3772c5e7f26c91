using Microsoft.Data.Sqlite;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Gives a store years of earlier history, as if it had been collecting all along.</summary>
static class AgedStore
{
    const long YearMs = 365L * 86_400_000;

    const string SessionColumns = """
        agent_id, session_key, started_ts, is_fork, channel, chat_type, origin_provider, spawned_by, parent_session_key, is_hook, job_name, created_via,
        first_seen_ts, last_seen_ts
        """;

    const string AttributionColumns = """
        agent_id, session_key, channel, chat_type, origin_provider, trigger, job_id, job_name, spawned_by, parent_session_key, home
        """;

    const string FactColumns = """
        call_ms, ingest_ms, model_id, outcome_id, file_id, source_line_no, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, total_tokens, reasoning_tokens, cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total, entry_id,
        response_id, run_id, cache_write_1h_tokens
        """;

    const string SumColumns = """
        model_id, cost_class, part, events, errors, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, reasoning_events, total_tokens, cost_nano, cache_write_1h_tokens
        """;

    static readonly string GroupColumns = "group_id, " + SumColumns.Replace("part, events, errors", "part, is_error, events", StringComparison.Ordinal);

    /// <summary>Copies a store and its events, once for each year before, with keys, times and sessions of their own.</summary>
    /// <returns>How many events the copy holds.</returns>
    public static long Create(string store, string copy, int years)
    {
        File.Copy(store, copy);
        using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
        connection.Open();
        Run(connection, $"""
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -65536;
            CREATE TEMP TABLE years AS WITH RECURSIVE n (year) AS (SELECT {years - 1} WHERE {years} > 1 UNION ALL SELECT year - 1 FROM n WHERE year > 1) SELECT year FROM n;
            CREATE TEMP TABLE latest AS
            SELECT (SELECT max(id) FROM sessions) AS session, (SELECT max(id) FROM event_attributions) AS attribution;
            INSERT INTO sessions (id, home, session_id, {SessionColumns})
            SELECT s.id + year * latest.session, home, session_id || '-' || year, {SessionColumns}
            FROM years CROSS JOIN latest CROSS JOIN (SELECT * FROM sessions) AS s;
            INSERT INTO event_attributions (id, session_ref, session_id, {AttributionColumns})
            SELECT a.id + year * latest.attribution, session_ref + year * latest.session, session_id || '-' || year, {AttributionColumns}
            FROM years CROSS JOIN latest CROSS JOIN (SELECT * FROM event_attributions) AS a;
            INSERT INTO event_facts (event_key, event_ms, attribution_id, {FactColumns})
            SELECT CAST(unhex(printf('%012x', e.event_ms - year * {YearMs})) || randomblob(10) AS BLOB), e.event_ms - year * {YearMs},
              e.attribution_id + year * latest.attribution, {FactColumns}
            FROM years CROSS JOIN latest CROSS JOIN (SELECT * FROM event_facts) AS e ORDER BY year DESC;
            INSERT INTO usage_quarters (quarter, attribution_id, {SumColumns})
            SELECT q.quarter - year * 365 * 96, attribution_id + year * latest.attribution, {SumColumns}
            FROM years CROSS JOIN latest CROSS JOIN (SELECT * FROM usage_quarters) AS q ORDER BY 1, 2;
            INSERT INTO usage_days (day, attribution_id, {SumColumns})
            SELECT d.day - year * 365, attribution_id + year * latest.attribution, {SumColumns}
            FROM years CROSS JOIN latest CROSS JOIN (SELECT * FROM usage_days) AS d ORDER BY 1, 2;
            INSERT INTO usage_group_hours (hour, {GroupColumns})
            SELECT h.hour - year * 365 * 24, {GroupColumns} FROM years CROSS JOIN (SELECT * FROM usage_group_hours) AS h ORDER BY 1, 2;
            INSERT INTO usage_group_days (day, {GroupColumns})
            SELECT d.day - year * 365, {GroupColumns} FROM years CROSS JOIN (SELECT * FROM usage_group_days) AS d ORDER BY 1, 2;
            """);

        return long.Parse(Read(connection, "SELECT CAST(count(*) AS TEXT) FROM event_facts"), System.Globalization.CultureInfo.InvariantCulture);
    }

    static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = 3600;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static string Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;

        return (string)command.ExecuteScalar()!;
    }
}
