using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests;

/// <summary>A database as the Python original leaves it: its tables, absolute paths, its two forms of time.</summary>
static class LegacyDatabaseBuilder
{
    /// <summary>The home in the fixture's paths.</summary>
    public const string FixtureHome = "/home/user/.openclaw";

    public const string Schema = """
        CREATE TABLE usage_events (
          id INTEGER PRIMARY KEY AUTOINCREMENT, event_ts TEXT, ingest_ts TEXT NOT NULL, agent_id TEXT, session_id TEXT, session_key TEXT,
          channel TEXT, chat_type TEXT, origin_provider TEXT, model_provider TEXT, model TEXT, api TEXT, stop_reason TEXT,
          input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER, cache_write_tokens INTEGER, total_tokens INTEGER,
          cost_input REAL, cost_output REAL, cost_cache_read REAL, cost_cache_write REAL, cost_total REAL, source_file TEXT,
          source_line_no INTEGER, UNIQUE(source_file, source_line_no));
        CREATE TABLE provider_usage_snapshots (
          id INTEGER PRIMARY KEY AUTOINCREMENT, snapshot_ts TEXT NOT NULL, provider TEXT, display_name TEXT, plan TEXT, window_label TEXT,
          used_percent REAL, reset_at_ms INTEGER);
        CREATE TABLE collector_state (key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_ts TEXT NOT NULL);
        CREATE INDEX idx_usage_events_ts ON usage_events(event_ts);
        CREATE INDEX idx_usage_events_agent ON usage_events(agent_id);
        CREATE INDEX idx_usage_events_model ON usage_events(model);
        CREATE INDEX idx_usage_events_channel ON usage_events(channel);
        """;

    /// <summary>Copies the one that the original made of the home `openclaw-2026.7.1`.</summary>
    /// <param name="db">Where to.</param>
    /// <param name="home">Where that home is said to have been.</param>
    public static void CopyFixture(string db, string home = FixtureHome)
    {
        File.Copy(Fixture.PathOf("original-store/token_usage.db"), db);
        StoreRows.Execute(db, $"""
            UPDATE usage_events SET source_file = replace(source_file, '{FixtureHome}', '{home}');
            UPDATE collector_state SET key = replace(key, '{FixtureHome}', '{home}');
            """);
    }

    /// <summary>Makes one of these rows.</summary>
    public static void Make(string db, params IEnumerable<LegacyRow> rows)
    {
        StoreRows.Execute(db, Schema);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = db, Pooling = false }.ToString());
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        foreach (var row in rows)
        {
            insert.CommandText = """
                INSERT INTO usage_events (
                  event_ts, ingest_ts, agent_id, session_id, session_key, channel, model_provider, model, api, stop_reason, input_tokens,
                  output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, cost_total, source_file, source_line_no)
                VALUES ($time, '2026-11-21T21:01:06.322957+00:00', $agent, $session, $key, $channel, $provider, $model, $api, 'stop',
                  $input, $output, $read, 0, $total, $cost, $file, $line)
                """;
            insert.Parameters.Clear();
            (string Name, object? Value)[] values =
            [
                ("time", row.Time), ("agent", row.Agent), ("session", row.Session ?? row.Stem), ("key", row.Key), ("channel", row.Channel),
                ("provider", row.Provider), ("model", row.Model), ("api", row.Api), ("input", row.Input), ("output", row.Output),
                ("read", row.CacheRead), ("total", row.Total), ("cost", row.Cost), ("file", row.File), ("line", row.Line),
            ];
            foreach (var (name, value) in values)
            {
                insert.Parameters.AddWithValue($"${name}", value ?? DBNull.Value);
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}

/// <summary>One row of the original; what is not named is what <see cref="Some.Answer" /> says.</summary>
sealed record LegacyRow(string File, long Line, string? Time)
{
    /// <summary>By default the file's name, as the original took it.</summary>
    public string? Session { get; init; }

    public string? Agent { get; init; } = "main";

    public string? Key { get; init; }

    public string? Channel { get; init; }

    public string? Provider { get; init; } = "stubai";

    public string? Model { get; init; } = "stub-a";

    public string? Api { get; init; } = "openai-completions";

    public object? Input { get; init; } = 100L;

    public object? Output { get; init; } = 20L;

    public object? CacheRead { get; init; } = 3L;

    public object? Total { get; init; } = 123L;

    public object? Cost { get; init; } = 0.33;

    public string Stem => Path.GetFileNameWithoutExtension(File);

    /// <summary>A failed call.</summary>
    public LegacyRow Unused => this with { Input = 0L, Output = 0L, CacheRead = 0L, Total = 0L, Cost = 0.0 };
}
