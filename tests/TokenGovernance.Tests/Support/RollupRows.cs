namespace TokenGovernance.Tests;

/// <summary>The roll-up of a store beside its events.</summary>
static class RollupRows
{
    const string Sums = """
        events, errors, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, reasoning_events, total_tokens,
        cost_nano, cache_write_1h_tokens
        """;

    static readonly string[] GroupNames = ["home", "agent_id", "channel", "chat_type", "trigger", "job_id", "job_name"];

    /// <summary>The roll-up must say what the events add up to, and nothing else; of both levels.</summary>
    public static void ShouldBeTheEvents(string db, string because = "")
    {
        foreach (var (table, unit) in new[] { ("usage_quarters", "quarter"), ("usage_days", "day") })
        {
            ShouldBeEqual(db, table, $"{unit}, attribution_id, model_id, cost_class, part", $"{unit}, attribution_id, model_id, cost_class, part", Sums, because);
        }

        foreach (var (table, unit) in new[] { ("usage_group_hours", "hour"), ("usage_group_days", "day") })
        {
            ShouldBeEqual(
                db, table, $"{unit}, group_id, model_id, cost_class, is_error, part", $"{unit}, group_id, model_id, cost_class, errors, part",
                Sums.Replace("errors, ", "", StringComparison.Ordinal), because);
        }

        StoreRows.Query(db, $"""
            SELECT a.id FROM event_attributions AS a LEFT JOIN usage_groups AS g ON g.id = a.group_id
            WHERE g.id IS NULL OR {string.Join(" OR ", GroupNames.Select(name => $"g.{name} IS NOT a.{name}"))}
            """).Should().BeEmpty(because);
        StoreRows.Query(db, $"SELECT 1 FROM usage_groups GROUP BY {string.Join(", ", GroupNames)} HAVING count(*) > 1").Should().BeEmpty(because);
    }

    static void ShouldBeEqual(string db, string table, string keys, string measuredKeys, string sums, string because)
    {
        var added = $"SELECT {measuredKeys}, {string.Join(", ", sums.Split(',').Select(sum => $"sum({sum})"))} FROM usage_measures GROUP BY {measuredKeys}";
        StoreRows.Query(db, $"SELECT * FROM (SELECT {keys}, {sums} FROM {table} EXCEPT {added})").Should().BeEmpty($"of {table} {because}");
        StoreRows.Query(db, $"SELECT * FROM ({added} EXCEPT SELECT {keys}, {sums} FROM {table})").Should().BeEmpty($"of {table} {because}");
    }
}
