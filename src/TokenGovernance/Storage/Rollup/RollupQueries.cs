namespace TokenGovernance.Storage.Rollup;

/// <summary>All that the reader of the roll-up asks, by what for: a test looks at their plans.</summary>
static class RollupQueries
{
    const string GroupColumns = """
        m.group_id, m.model_id, m.cost_class, m.events, m.is_error * m.events, m.input_tokens, m.output_tokens, m.cache_read_tokens,
        m.cache_write_tokens, m.reasoning_tokens, m.reasoning_events, m.total_tokens, m.cost_nano, m.cache_write_1h_tokens, m.part
        """;

    static readonly string ByGroup = RollupRow.Columns.Replace("m.attribution_id", "a.group_id", StringComparison.Ordinal);

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["days"] = $"SELECT day, {RollupRow.Columns} FROM usage_days AS m WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
        ["quarters"] = $"SELECT quarter, {RollupRow.Columns} FROM usage_quarters AS m WHERE quarter >= ?1 AND quarter < ?2 ORDER BY quarter",
        ["events of a quarter"] = $"""
            SELECT m.quarter, {RollupRow.Columns}
            FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = ?1) AS q
            CROSS JOIN event_facts AS e ON e.attribution_id = q.attribution_id
            CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE {RollupTable.UsageMs} >= ?2 AND {RollupTable.UsageMs} < ?3
            """,
        ["days of groups"] = $"SELECT day, {GroupColumns} FROM usage_group_days AS m WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
        ["hours of groups"] = $"SELECT hour, {GroupColumns} FROM usage_group_hours AS m WHERE hour >= ?1 AND hour < ?2 ORDER BY hour",
        ["quarters of groups"] = $"""
            SELECT m.quarter, {ByGroup}
            FROM usage_quarters AS m CROSS JOIN event_attributions AS a ON a.id = m.attribution_id
            WHERE m.quarter >= ?1 AND m.quarter < ?2 ORDER BY m.quarter
            """,
        ["events of a quarter, by group"] = $"""
            SELECT m.quarter, {ByGroup}
            FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = ?1) AS q
            CROSS JOIN event_attributions AS a ON a.id = q.attribution_id
            CROSS JOIN event_facts AS e ON e.attribution_id = q.attribution_id
            CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE {RollupTable.UsageMs} >= ?2 AND {RollupTable.UsageMs} < ?3
            """,
        ["attributions with failed calls"] = "SELECT DISTINCT attribution_id FROM usage_days WHERE day BETWEEN ?1 AND ?2 AND errors > 0",
        ["failed and other events of an attribution"] = $"""
            SELECT m.quarter, m.attribution_id, m.model_id, m.cost_class, sum(m.events), sum(m.errors), sum(m.input_tokens), sum(m.output_tokens),
              sum(m.cache_read_tokens), sum(m.cache_write_tokens), sum(m.reasoning_tokens), sum(m.reasoning_events), sum(m.total_tokens), sum(m.cost_nano),
              sum(m.cache_write_1h_tokens), m.part
            FROM event_facts AS e CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE e.attribution_id = ?1 AND coalesce({RollupTable.UsageMs}, ?4) >= ?2 AND coalesce({RollupTable.UsageMs}, ?4) < ?3
            GROUP BY m.quarter, m.model_id, m.cost_class, m.part, m.errors
            ORDER BY m.quarter
            """,
        ["kept sums of a range"] = $"""
            SELECT quarter, {RollupRow.Columns}
            FROM usage_quarters AS m CROSS JOIN event_attributions AS a ON a.id = m.attribution_id
            WHERE m.quarter >= ?1 AND m.quarter < ?2 AND a.pruned_of IS NOT NULL
            """,
        ["kept sums of a range, by group"] = $"""
            SELECT m.quarter, {ByGroup}
            FROM usage_quarters AS m CROSS JOIN event_attributions AS a ON a.id = m.attribution_id
            WHERE m.quarter >= ?1 AND m.quarter < ?2 AND a.pruned_of IS NOT NULL
            """,
        ["kept failures of a range"] = $"SELECT m.quarter, {RollupRow.Columns} FROM pruned_failures AS m WHERE m.quarter >= ?1 AND m.quarter < ?2",
        ["kept failures of a range, by group"] = $"""
            SELECT m.quarter, {ByGroup}
            FROM pruned_failures AS m CROSS JOIN event_attributions AS a ON a.id = m.attribution_id
            WHERE m.quarter >= ?1 AND m.quarter < ?2
            """,
        ["any kept sums"] = "SELECT EXISTS (SELECT 1 FROM event_attributions WHERE pruned_of IS NOT NULL)",
        ["floor"] = "SELECT floor_ms FROM retention_state",
        ["attribution"] = """
            SELECT
              a.agent_id, a.session_id,
              coalesce(a.session_key, (
                SELECT s.session_key FROM sessions AS s
                WHERE s.session_id = a.session_id AND s.agent_id = a.agent_id AND s.session_key IS NOT NULL ORDER BY s.id DESC LIMIT 1)),
              a.channel, a.chat_type, a.trigger, a.job_id, a.job_name, a.home, a.spawned_by
            FROM event_attributions AS a WHERE a.id = ?1
            """,
        ["attribution without its session"] = "SELECT agent_id, channel, chat_type, trigger, home FROM event_attributions WHERE id = ?1",
        ["group"] = "SELECT agent_id, channel, chat_type, trigger, job_id, job_name, home FROM usage_groups WHERE id = ?1",
        ["sessions"] = "SELECT id, group_id, coalesce(agent_id, ''), coalesce(session_id, '') FROM event_attributions",
        ["name of a job"] = "SELECT job_name FROM event_attributions WHERE job_id = ?1 AND job_name IS NOT NULL ORDER BY id DESC LIMIT 1",
        ["model"] = "SELECT model_provider, model, api, response_model, runtime, scope FROM event_models WHERE id = ?1",
        ["newest event"] = """
            SELECT max(coalesce(
              (SELECT max(e.event_ms) FROM event_facts AS e WHERE e.attribution_id = q.attribution_id),
              (SELECT a.pruned_last_ms FROM event_attributions AS a WHERE a.id = q.attribution_id)))
            FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = (SELECT max(quarter) FROM usage_quarters)) AS q
            """,
        ["number of events"] = "SELECT coalesce(sum(events), 0) FROM usage_group_days",
    };
}
