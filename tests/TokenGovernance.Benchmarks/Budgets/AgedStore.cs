using Microsoft.Data.Sqlite;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Gives a store years of earlier history, as if it had been collecting all along.</summary>
static class AgedStore
{
    const long YearMs = 365L * 86_400_000;

    /// <summary>Copies a store and its events, once for each year before, with keys and times of then.</summary>
    /// <returns>How many events the copy holds.</returns>
    public static long Create(string store, string copy, int years)
    {
        File.Copy(store, copy);
        using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
        connection.Open();
        var columns = Read(connection, "SELECT group_concat(name) FROM pragma_table_info('usage_events') WHERE name NOT IN ('id', 'event_key', 'event_ts', 'started_ts')");
        Run(connection, $"""
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -65536;
            CREATE TEMP TABLE years AS WITH RECURSIVE n (year) AS (SELECT {years - 1} UNION ALL SELECT year - 1 FROM n WHERE year > 1) SELECT year FROM n;
            INSERT INTO usage_events (event_key, event_ts, started_ts, {columns})
            SELECT CAST(unhex(printf('%012x', CAST(unixepoch(e.event_ts, 'subsec') * 1000 AS INTEGER) - years.year * {YearMs})) || randomblob(10) AS BLOB),
              strftime('%Y-%m-%dT%H:%M:%fZ', e.event_ts, '-' || years.year * 365 || ' days'),
              strftime('%Y-%m-%dT%H:%M:%fZ', e.started_ts, '-' || years.year * 365 || ' days'), {columns}
            FROM years CROSS JOIN (SELECT * FROM usage_events) AS e ORDER BY years.year DESC;
            """);

        return long.Parse(Read(connection, "SELECT CAST(count(*) AS TEXT) FROM usage_events"), System.Globalization.CultureInfo.InvariantCulture);
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
