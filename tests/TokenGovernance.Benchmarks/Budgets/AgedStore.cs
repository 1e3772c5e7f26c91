using Microsoft.Data.Sqlite;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Gives a store years of earlier history, as if it had been collecting all along.</summary>
static class AgedStore
{
    const long YearMs = 365L * 86_400_000;

    const string FactColumns = """
        call_ms, ingest_ms, attribution_id, model_id, outcome_id, file_id, source_line_no, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens, total_tokens, reasoning_tokens, cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total, entry_id,
        response_id, run_id
        """;

    const string SumColumns = """
        attribution_id, model_id, cost_class, part, events, errors, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
        reasoning_tokens, reasoning_events, total_tokens, cost_nano
        """;

    /// <summary>Copies a store and its events, once for each year before, with keys and times of then.</summary>
    /// <returns>How many events the copy holds.</returns>
    public static long Create(string store, string copy, int years)
    {
        File.Copy(store, copy);
        using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
        connection.Open();
        Run(connection, $"""
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -65536;
            CREATE TEMP TABLE years AS WITH RECURSIVE n (year) AS (SELECT {years - 1} UNION ALL SELECT year - 1 FROM n WHERE year > 1) SELECT year FROM n;
            INSERT INTO event_facts (event_key, event_ms, {FactColumns})
            SELECT CAST(unhex(printf('%012x', e.event_ms - years.year * {YearMs})) || randomblob(10) AS BLOB), e.event_ms - years.year * {YearMs}, {FactColumns}
            FROM years CROSS JOIN (SELECT * FROM event_facts) AS e ORDER BY years.year DESC;
            INSERT INTO usage_quarters (quarter, {SumColumns}) SELECT q.quarter - years.year * 365 * 96, {SumColumns}
            FROM years CROSS JOIN (SELECT * FROM usage_quarters) AS q;
            INSERT INTO usage_days (day, {SumColumns}) SELECT d.day - years.year * 365, {SumColumns}
            FROM years CROSS JOIN (SELECT * FROM usage_days) AS d;
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
