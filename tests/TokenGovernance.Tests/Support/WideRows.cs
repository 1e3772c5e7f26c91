using Microsoft.Data.Sqlite;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Tests;

/// <summary>Lets a test write `usage_events`, which is a view, as if it were a table: for rows that no source would hand over.</summary>
static class WideRows
{
    static readonly string[] Attribution =
    [
        "agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "trigger", "job_id", "job_name", "spawned_by",
        "parent_session_key", "home", "session_ref",
    ];

    static readonly string[] Model = ["model_provider", "model", "api", "response_model"];
    static readonly string[] Outcome = ["stop_reason", "cost_source"];

    static readonly string[] AsTheyAre =
    [
        "event_key", "source_line_no", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens",
        "reasoning_tokens", "cache_write_1h_tokens", "cost_input", "cost_output", "cost_cache_read", "cost_cache_write", "cost_total", "entry_id", "response_id", "run_id",
    ];

    static readonly (string Name, string Value)[] Facts =
    [
        .. AsTheyAre.Select(name => (name, $"new.{name}")),
        ("event_ms", Ms("new.event_ts")),
        ("call_ms", $"coalesce({Ms("new.event_ts")}, 0) - {Ms("new.started_ts")}"),
        ("ingest_ms", $"coalesce({Ms("new.ingest_ts")}, 0)"),
        ("attribution_id", Find("event_attributions", Attribution)),
        ("model_id", Find("event_models", Model)),
        ("outcome_id", Find("event_outcomes", Outcome, ("cost_class", CostClass))),
        ("file_id", "(SELECT id FROM event_files WHERE path = new.source_file)"),
    ];

    static readonly RollupColumns[] Tables = [RollupColumns.Quarters, RollupColumns.Days, RollupColumns.GroupHours, RollupColumns.GroupDays];

    const string CostClass = """
        CASE new.cost_source
          WHEN 'recorded' THEN CASE WHEN coalesce(new.total_tokens, 0) = 0 AND coalesce(new.cost_total, 0) = 0 THEN 4 ELSE 2 END
          WHEN 'none-recorded' THEN 1 WHEN 'provider-billed' THEN 3 WHEN 'not-measured' THEN 5 ELSE 0 END
        """;

    /// <summary>For this connection only.</summary>
    public static void Enable(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            CREATE TEMP TRIGGER wide_insert INSTEAD OF INSERT ON main.usage_events
            BEGIN
              {AddShared()}
              INSERT INTO event_facts (id, {string.Join(", ", Facts.Select(fact => fact.Name))})
              VALUES (new.id, {string.Join(", ", Facts.Select(fact => fact.Value))});
              {string.Concat(Tables.Select(AddUp))}
            END;

            CREATE TEMP TRIGGER wide_update INSTEAD OF UPDATE ON main.usage_events
            BEGIN
              {AddShared()}
              UPDATE event_facts SET {string.Join(", ", Facts.Select(fact => $"{fact.Name} = {fact.Value}"))} WHERE id = old.id;
            END;
            """;
        command.ExecuteNonQuery();
    }

    static string AddShared() => $"""
        {Add("event_attributions", Attribution)}
        {Add("event_models", Model)}
        {Add("event_outcomes", Outcome, ("cost_class", CostClass))}
        INSERT INTO event_files (path) SELECT new.source_file WHERE new.source_file IS NOT NULL ON CONFLICT DO NOTHING;
        """;

    static string Add(string table, string[] columns, params (string Name, string Value)[] more) => $"""
        INSERT INTO {table} ({string.Join(", ", columns.Concat(more.Select(column => column.Name)))})
        SELECT {string.Join(", ", columns.Select(column => $"new.{column}").Concat(more.Select(column => column.Value)))}
        WHERE {Find(table, columns, more)} IS NULL;
        """;

    static string Find(string table, string[] columns, params (string Name, string Value)[] more) =>
        $"(SELECT min(id) FROM {table} AS d WHERE {string.Join(" AND ", columns.Select(column => $"d.{column} IS new.{column}").Concat(more.Select(column => $"d.{column.Name} = {column.Value}")))})";

    static string AddUp(RollupColumns table) =>
        table.AddStoredSql.Replace("$p0", "(SELECT id FROM event_facts WHERE event_key = new.event_key)", StringComparison.Ordinal) + ";\n";

    static string Ms(string text) => $"CAST(round(unixepoch({text}, 'subsec') * 1000) AS INTEGER)";
}
