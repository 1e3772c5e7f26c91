namespace TokenGovernance.Storage.Migrations;

/// <summary>Successful answers without tokens and without cost: what they used was not measured, so it is unknown instead of zero.</summary>
static class Version5
{
    const string Counts = "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, reasoning_tokens";
    const string Costs = "cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total";

    /// <summary>What the views of the roll-up say of the class.</summary>
    internal const string Sources = " WHEN 5 THEN 'not-measured'";

    internal const string Unpriced = """
        CASE WHEN u.cost_class IN (2, 3, 4, 5) THEN 0 ELSE u.events END AS unpriced_events,
        CASE WHEN u.cost_class = 5 THEN u.events ELSE 0 END AS unmeasured_events
        """;

    /// <summary>An outcome `o` that says neither that the call failed nor what it cost.</summary>
    const string MayBeUnmeasured = "o.cost_class IN (0, 1, 4) AND coalesce(o.stop_reason, '') NOT IN ('error', 'aborted')";

    public static readonly string Sql = $"""
        CREATE TEMP TABLE unmeasured AS
        SELECT e.id, o.stop_reason FROM event_facts AS e JOIN event_outcomes AS o ON o.id = e.outcome_id
        WHERE {MayBeUnmeasured} AND {string.Join(" AND ", Names(Counts).Concat(Names(Costs)).Select(name => $"coalesce(e.{name}, 0) = 0"))};

        INSERT INTO event_outcomes (stop_reason, cost_source, cost_class) SELECT DISTINCT stop_reason, 'not-measured', 5 FROM temp.unmeasured;

        UPDATE event_facts SET
          {string.Join(", ", Names(Counts).Concat(Names(Costs)).Select(name => $"{name} = NULL"))},
          outcome_id = (SELECT id FROM event_outcomes AS o WHERE o.stop_reason IS u.stop_reason AND o.cost_class = 5)
        FROM temp.unmeasured AS u WHERE u.id = event_facts.id;

        DROP TABLE temp.unmeasured;

        DROP VIEW v_usage_daily;
        DROP VIEW v_usage_monthly;
        {StarViews.Periods("""
            sum(CASE WHEN o.cost_class IN (2, 3, 4, 5) THEN 0 ELSE 1 END) AS unpriced_events,
            sum(CASE WHEN o.cost_class = 5 THEN 1 ELSE 0 END) AS unmeasured_events
            """)}

        DROP VIEW v_usage_quarters;
        DROP VIEW v_usage_days;
        {StarRollup.ViewsWith(Sources, Unpriced)}
        """;

    static string[] Names(string columns) => columns.Split(", ");
}
