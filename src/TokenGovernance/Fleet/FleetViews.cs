namespace TokenGovernance.Fleet;

/// <summary>The views of the fleet's database: the names and columns that they have in the store, with types that PostgreSQL has, and the node.</summary>
/// <remarks>Dollars are summed as `numeric`, each amount to the billionth, as the program does: the order does not matter.</remarks>
static class FleetViews
{
    const string EventTs = "CASE WHEN e.is_undated THEN NULL ELSE e.event_ts END";

    const string UsageTs = $"coalesce(e.started_ts, {EventTs})";

    const string Known = "e.cost_source IN ('recorded', 'provider-billed')";

    const string Cost = $"sum(round(e.cost_total::numeric, 9)) FILTER (WHERE {Known}) AS cost_total";

    const string Uncosted = """
        count(*) FILTER (WHERE e.cost_source IS NULL OR e.cost_source IN ('none-recorded', 'plan-paid')) AS unpriced_events,
          count(*) FILTER (WHERE e.cost_source = 'not-measured') AS unmeasured_events
        """;

    const string From = "FROM usage_events AS e LEFT JOIN tg_nodes AS n ON n.node_id = e.node_id";

    static readonly string[] RollupNames =
    [
        "home", "agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "trigger", "job_id", "job_name", "spawned_by",
        "parent_session_key", "model_provider", "model", "api", "response_model", "cost_source",
    ];

    static readonly string[] Facts = [.. FleetColumns.Events.Where(column => column.IsFact).Select(column => column.Name)];

    public static readonly string Sql = $"""
        CREATE OR REPLACE VIEW v_usage_events_enriched AS
        SELECT
          {string.Join(", ", FleetColumns.Events.Select(column => column.Name is "event_ts" ? $"{EventTs} AS event_ts" : $"e.{FleetColumns.Quote(column.Name)}"))},
          {UsageTs} AS usage_ts,
          ({UsageTs} AT TIME ZONE 'UTC')::date AS usage_date,
          extract(hour FROM {UsageTs} AT TIME ZONE 'UTC')::integer AS usage_hour,
          extract(dow FROM {UsageTs} AT TIME ZONE 'UTC')::integer AS usage_weekday,
          CASE WHEN coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0) > 0
            THEN coalesce(e.cache_read_tokens, 0)::double precision
              / (coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0)) END AS cache_ratio,
          CASE WHEN e.total_tokens > 0 AND {Known} THEN 1000.0 * e.cost_total / e.total_tokens END AS cost_per_1k_tokens,
          n.name AS node
        {From};

        {Period("v_usage_daily", "usage_date", $"({UsageTs} AT TIME ZONE 'UTC')::date")}

        {Period("v_usage_monthly", "usage_month", $"to_char({UsageTs} AT TIME ZONE 'UTC', 'YYYY-MM')")}

        {Rollup("v_usage_quarters", "quarter_start", $"date_bin('15 minutes', {UsageTs}, '2000-01-01T00:00:00Z')")}

        {Rollup("v_usage_days", "day_start", $"date_trunc('day', {UsageTs} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'")}

        -- Responses of which nodes that know them say other numbers: what came first stands.
        CREATE OR REPLACE VIEW tg_conflicts AS
        SELECT c.event_key, c.event_ts, e.node_id, c.node_id AS other_node_id,
          {string.Join(", ", Facts.Select(name => $"e.{name}, c.{name} AS other_{name}"))}
        FROM usage_event_copies AS c JOIN usage_events AS e ON e.event_key = c.event_key AND e.event_ts = c.event_ts
        WHERE {FactsDiffer("e", "c")};
        """;

    /// <summary>The condition that two rows say other numbers of a response.</summary>
    public static string FactsDiffer(string one, string other) =>
        $"({string.Join(", ", Facts.Select(name => $"{one}.{name}"))}) IS DISTINCT FROM ({string.Join(", ", Facts.Select(name => $"{other}.{name}"))})";

    static string Period(string view, string name, string of) => $"""
        CREATE OR REPLACE VIEW {view} AS
        SELECT
          {of} AS {name},
          e.agent_id, e.model_provider, e.model, e.channel, e."trigger",
          count(*) AS events,
          {Sums("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens")},
          {Cost},
          {Uncosted},
          n.name AS node
        {From}
        GROUP BY 1, 2, 3, 4, 5, 6, n.name;
        """;

    static string Rollup(string view, string name, string of) => $"""
        CREATE OR REPLACE VIEW {view} AS
        SELECT
          {of} AS {name},
          {string.Join(", ", RollupNames.Select(column => $"e.{FleetColumns.Quote(column)}"))},
          count(*) AS events,
          count(*) FILTER (WHERE e.stop_reason = 'error') AS errors,
          {SumsOfSaid("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "total_tokens")},
          {Cost},
          {Uncosted},
          e.runtime, e.scope,
          {SumsOfSaid("cache_write_1h_tokens")},
          n.name AS node
        {From}
        GROUP BY 1, {string.Join(", ", RollupNames.Select(column => $"e.{FleetColumns.Quote(column)}"))}, e.runtime, e.scope, n.name;
        """;

    static string Sums(params string[] columns) => string.Join(", ", columns.Select(column => $"sum(e.{column}) AS {column}"));

    static string SumsOfSaid(params string[] columns) => string.Join(", ", columns.Select(column => $"coalesce(sum(e.{column}), 0) AS {column}"));
}
