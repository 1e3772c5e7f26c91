using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Migrations;

/// <summary>Turns the wide rows of schema 2 into a star. Everything that could be read can be read by the same names afterwards.</summary>
static class Version3
{
    const int ChunkSize = 50_000;

    const string AttributionNames = """
        agent_id, session_id, session_key, channel, chat_type, origin_provider, trigger, job_id, job_name, spawned_by, parent_session_key,
        home, session_ref
        """;

    /// <summary>The cost class of a wide row `u`.</summary>
    const string CostClass = """
        CASE u.cost_source
          WHEN 'recorded' THEN CASE WHEN coalesce(u.total_tokens, 0) = 0 AND coalesce(u.cost_total, 0) = 0 THEN 4 ELSE 2 END
          WHEN 'none-recorded' THEN 1 WHEN 'provider-billed' THEN 3 ELSE 0 END
        """;

    static readonly string Dimensions = $"""
        INSERT INTO event_attributions ({AttributionNames})
        SELECT {AttributionNames} FROM usage_events GROUP BY {AttributionNames} ORDER BY min(id);
        INSERT INTO event_models (model_provider, model, api, response_model)
        SELECT model_provider, model, api, response_model FROM usage_events GROUP BY 1, 2, 3, 4 ORDER BY min(id);
        INSERT INTO event_outcomes (stop_reason, cost_source, cost_class)
        SELECT u.stop_reason, u.cost_source, {CostClass} FROM usage_events AS u GROUP BY 1, 2, 3 ORDER BY min(id);
        INSERT INTO event_files (path)
        SELECT source_file FROM (SELECT source_file FROM usage_events UNION SELECT source_file FROM event_copies) WHERE source_file IS NOT NULL;

        -- By these the rows are matched: a session has few attributions. The second one is not needed afterwards.
        CREATE INDEX idx_event_attributions_session ON event_attributions (session_ref);
        CREATE INDEX idx_event_models_model ON event_models (model);
        """;

    static readonly string Facts = $"""
        INSERT INTO event_facts
        SELECT
          u.id, u.event_key, {Ms("u.event_ts")}, coalesce({Ms("u.event_ts")}, 0) - {Ms("u.started_ts")}, coalesce({Ms("u.ingest_ts")}, 0),
          (SELECT id FROM event_attributions AS a WHERE {Match("a", AttributionNames)}),
          (SELECT id FROM event_models AS m WHERE {Match("m", "model, model_provider, api, response_model")}),
          (SELECT id FROM event_outcomes AS o WHERE {Match("o", "stop_reason, cost_source")} AND o.cost_class = {CostClass}),
          (SELECT id FROM event_files AS f WHERE f.path = u.source_file),
          u.source_line_no, u.input_tokens, u.output_tokens, u.cache_read_tokens, u.cache_write_tokens, u.total_tokens, u.reasoning_tokens,
          {Cost("u.cost_input")}, {Cost("u.cost_output")}, {Cost("u.cost_cache_read")}, {Cost("u.cost_cache_write")}, {Cost("u.cost_total")},
          compact_id(u.entry_id), compact_id(u.response_id), compact_id(u.run_id)
        FROM usage_events AS u WHERE u.id > $p0 AND u.id <= $p1
        """;

    static readonly string Replace = $"""
        DROP INDEX idx_event_models_model;
        INSERT INTO event_sightings (event_id, session_ref, file_id, source_line_no)
        SELECT c.event_id, c.session_ref, (SELECT id FROM event_files AS f WHERE f.path = c.source_file), c.source_line_no FROM event_copies AS c;

        -- Ids that were given to events which are gone are not given again.
        DELETE FROM sqlite_sequence WHERE name = 'event_facts';
        INSERT INTO sqlite_sequence (name, seq) SELECT 'event_facts', seq FROM sqlite_sequence WHERE name = 'usage_events';

        -- Children first: events that go would take them along.
        CREATE TEMP TABLE adopted_before AS SELECT event_id, instant_ms, source_line_no, is_keyed FROM main.adopted_events;
        DROP TABLE main.adopted_events;
        DROP TABLE event_copies;
        DROP VIEW v_usage_events_enriched;
        DROP VIEW v_usage_daily;
        DROP VIEW v_usage_monthly;
        DROP TABLE usage_rollup;
        DROP TABLE usage_events;

        {StarTables.Adopted}
        INSERT INTO adopted_events (event_id, instant_ms, source_line_no, is_keyed)
        SELECT event_id, instant_ms, source_line_no, is_keyed FROM temp.adopted_before;
        DROP TABLE temp.adopted_before;

        {StarTables.Indexes}
        {StarViews.Sql}
        {StarRollup.Tables}
        {StarRollup.Views}
        {StarRollup.Fill}
        {StarRollup.Triggers}
        """;

    /// <summary>Does it, inside the caller's transaction.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="progress">Is told how many events are done.</param>
    public static void Apply(SqliteConnection connection, Action<long>? progress)
    {
        connection.CreateFunction<string?, object?>("compact_id", CompactId.Encode, isDeterministic: true);
        connection.Execute(StarTables.Sql);
        connection.Execute(Dimensions);
        CopyEvents(connection, progress);
        connection.Execute(Replace);
    }

    static void CopyEvents(SqliteConnection connection, Action<long>? progress)
    {
        using var last = connection.Prepare("SELECT coalesce(max(id), 0) FROM usage_events");
        using var copy = connection.Prepare(Facts);
        var (lastId, done) = ((long)last.ExecuteScalar()!, 0L);
        for (var id = 0L; id < lastId; id += ChunkSize)
        {
            done += copy.With(id, id + ChunkSize).ExecuteNonQuery();
            progress?.Invoke(done);
        }
    }

    /// <summary>A time as text in ms since 1970.</summary>
    static string Ms(string text) => $"CAST(round(unixepoch({text}, 'subsec') * 1000) AS INTEGER)";

    /// <summary>Dollars as a whole number of billionths where that is exact.</summary>
    static string Cost(string dollars) => $"""
        CASE WHEN abs({dollars}) < 9e6 AND CAST(round({dollars} * 1e9) AS INTEGER) / 1e9 = {dollars}
          THEN CAST(round({dollars} * 1e9) AS INTEGER) ELSE {dollars} END
        """;

    static string Match(string table, string columns) =>
        string.Join(" AND ", columns.Split([',', '\n', '\r', ' '], StringSplitOptions.RemoveEmptyEntries).Select(column => $"{table}.{column} IS u.{column}"));
}
