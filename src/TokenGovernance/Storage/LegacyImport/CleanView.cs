using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>The original's events with values as our tables want them: its columns took whatever a transcript held.</summary>
static class CleanView
{
    public const string Name = "temp.original_clean_events";

    // 2^53 - 1, as for everything that is read from a transcript.
    const string MaxCount = "9007199254740991";

    static readonly string[] Texts =
        ["agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "model_provider", "model", "api", "stop_reason", "source_file"];

    static readonly string[] Counts =
        ["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens", "source_line_no"];

    static readonly string[] Costs = ["cost_input", "cost_output", "cost_cache_read", "cost_cache_write", "cost_total"];

    public static void Create(SqliteConnection connection)
    {
        connection.CreateFunction<string?, long?>("instant_ms", LegacyTime.Parse, isDeterministic: true);
        connection.CreateFunction<string?, string?>("utc_time", LegacyTime.Normalise, isDeterministic: true);
        IEnumerable<string> columns =
        [
            "id",
            "instant_ms(event_ts) AS instant_ms",
            "utc_time(event_ts) AS event_ts",
            "utc_time(ingest_ts) AS ingest_ts",
            .. Texts.Select(name => $"nullif(CAST({name} AS TEXT), '') AS {name}"),
            .. Counts.Select(name => $"CASE WHEN typeof({name}) IN ('integer', 'real') THEN min(max(CAST({name} AS INTEGER), 0), {MaxCount}) END AS {name}"),
            .. Costs.Select(name => $"CASE WHEN cost_total >= 0 AND typeof({name}) IN ('integer', 'real') THEN CAST({name} AS REAL) END AS {name}"),
        ];
        connection.Execute($"""
            CREATE TEMP VIEW original_clean_events AS
            SELECT {string.Join(", ", columns)} FROM main.{LegacyDatabase.Events}
            """);
    }

    public static void Drop(SqliteConnection connection) => connection.Execute($"DROP VIEW {Name}");
}
