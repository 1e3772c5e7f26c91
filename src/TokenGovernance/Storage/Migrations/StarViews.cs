namespace TokenGovernance.Storage.Migrations;

/// <summary>The views of schema 3: the tables and columns that schema 2 had, over the tables of the star.</summary>
static class StarViews
{
    /// <summary>When the call of an event `e` began, else when it was written; ms since 1970.</summary>
    const string UsageMs = "coalesce(coalesce(e.event_ms, 0) - e.call_ms, e.event_ms)";

    static string Measures(string unpriced) => $"""
          count(*) AS events,
          sum(e.input_tokens) AS input_tokens,
          sum(e.output_tokens) AS output_tokens,
          sum(e.cache_read_tokens) AS cache_read_tokens,
          sum(e.cache_write_tokens) AS cache_write_tokens,
          sum(e.total_tokens) AS total_tokens,
          sum(CASE WHEN o.cost_class IN (2, 3, 4)
            THEN CASE typeof(e.cost_total) WHEN 'integer' THEN e.cost_total / 1e9 ELSE e.cost_total END END) AS cost_total,
          {unpriced}
        FROM event_facts AS e
        LEFT JOIN event_attributions AS a ON a.id = e.attribution_id
        LEFT JOIN event_models AS m ON m.id = e.model_id
        LEFT JOIN event_outcomes AS o ON o.id = e.outcome_id
        GROUP BY 1, 2, 3, 4, 5, 6;
        """;

    /// <summary>What a row of `usage_events` says, and how it is deleted.</summary>
    /// <param name="columns">Columns that came later, each after a comma.</param>
    /// <param name="joins">Where they are.</param>
    public static string UsageEvents(string columns = "", string joins = "") => $"""
        CREATE VIEW usage_events AS
        SELECT
          e.id,
          {Time("e.event_ms")} AS event_ts,
          {Time("e.ingest_ms")} AS ingest_ts,
          a.agent_id, a.session_id, a.session_key, a.channel, a.chat_type, a.origin_provider,
          m.model_provider, m.model, m.api, o.stop_reason,
          e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.total_tokens,
          {Dollars("cost_input")},
          {Dollars("cost_output")},
          {Dollars("cost_cache_read")},
          {Dollars("cost_cache_write")},
          {Dollars("cost_total")},
          f.path AS source_file, e.source_line_no, e.event_key,
          {Identifier("entry_id")},
          {Time("(coalesce(e.event_ms, 0) - e.call_ms)")} AS started_ts,
          {Identifier("response_id")},
          m.response_model,
          {Identifier("run_id")},
          a.trigger, a.job_id, a.job_name, a.spawned_by, a.parent_session_key,
          e.reasoning_tokens, o.cost_source, a.home, a.session_ref{columns}
        FROM event_facts AS e
        LEFT JOIN event_attributions AS a ON a.id = e.attribution_id
        LEFT JOIN event_models AS m ON m.id = e.model_id
        LEFT JOIN event_outcomes AS o ON o.id = e.outcome_id
        LEFT JOIN event_files AS f ON f.id = e.file_id{joins};

        -- Whoever deletes responses by the name they have for readers deletes what is known of them, too.
        CREATE TRIGGER usage_events_deleting INSTEAD OF DELETE ON usage_events
        BEGIN
          DELETE FROM event_facts WHERE id = old.id;
          DELETE FROM event_attributions
          WHERE session_ref IS old.session_ref AND session_key IS old.session_key
            AND NOT EXISTS (SELECT 1 FROM event_facts WHERE attribution_id = event_attributions.id);
        END;

        """;

    public static readonly string Sql = $"""
        {UsageEvents()}
        CREATE VIEW event_copies AS
        SELECT s.event_id, s.session_ref, f.path AS source_file, s.source_line_no
        FROM event_sightings AS s LEFT JOIN event_files AS f ON f.id = s.file_id;

        CREATE VIEW v_usage_events_enriched AS
        SELECT
          e.*,
          coalesce(e.started_ts, e.event_ts) AS usage_ts,
          date(coalesce(e.started_ts, e.event_ts)) AS usage_date,
          CAST(strftime('%H', coalesce(e.started_ts, e.event_ts)) AS INTEGER) AS usage_hour,
          CAST(strftime('%w', coalesce(e.started_ts, e.event_ts)) AS INTEGER) AS usage_weekday,
          CASE WHEN coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0) > 0
            THEN CAST(coalesce(e.cache_read_tokens, 0) AS REAL)
              / (coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0)) END AS cache_ratio,
          CASE WHEN e.total_tokens > 0 AND e.cost_source IN ('recorded', 'provider-billed')
            THEN 1000.0 * e.cost_total / e.total_tokens END AS cost_per_1k_tokens
        FROM usage_events AS e;

        {Periods("sum(CASE WHEN o.cost_class IN (2, 3, 4) THEN 0 ELSE 1 END) AS unpriced_events")}
        """;

    /// <summary>`v_usage_daily` and `v_usage_monthly`.</summary>
    /// <param name="unpriced">The columns that count what is in no cost.</param>
    public static string Periods(string unpriced) => $"""
        CREATE VIEW v_usage_daily AS
        SELECT
          date({UsageMs} / 1000.0, 'unixepoch') AS usage_date,
          a.agent_id, m.model_provider, m.model, a.channel, a.trigger,
        {Measures(unpriced)}

        CREATE VIEW v_usage_monthly AS
        SELECT
          strftime('%Y-%m', {UsageMs} / 1000.0, 'unixepoch') AS usage_month,
          a.agent_id, m.model_provider, m.model, a.channel, a.trigger,
        {Measures(unpriced)}
        """;

    static string Time(string ms) => $"CAST(strftime('%Y-%m-%dT%H:%M:%fZ', {ms} / 1000.0, 'unixepoch') AS TEXT)";

    static string Dollars(string column) =>
        $"CAST(CASE typeof(e.{column}) WHEN 'integer' THEN e.{column} / 1e9 ELSE e.{column} END AS REAL) AS {column}";

    static string Identifier(string column)
    {
        string Part(int from, int bytes) => $"hex(substr(e.{column}, {from}, {bytes}))";

        return $"""
            CAST(CASE typeof(e.{column})
              WHEN 'integer' THEN printf('%08x', e.{column})
              WHEN 'blob' THEN lower({Part(1, 4)} || '-' || {Part(5, 2)} || '-' || {Part(7, 2)} || '-' || {Part(9, 2)} || '-' || {Part(11, 6)})
              ELSE e.{column} END AS TEXT) AS {column}
            """;
    }
}
