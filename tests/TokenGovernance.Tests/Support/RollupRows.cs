namespace TokenGovernance.Tests;

/// <summary>The roll-up of a store beside its events.</summary>
static class RollupRows
{
    const string Sums = """
        events, errors, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, reasoning_events, total_tokens,
        cost_nano, cache_write_1h_tokens
        """;

    /// <summary>The roll-up must say what the events add up to, and nothing else.</summary>
    public static void ShouldBeTheEvents(string db, string because = "")
    {
        foreach (var (table, unit) in new[] { ("usage_quarters", "quarter"), ("usage_days", "day") })
        {
            var keys = $"{unit}, attribution_id, model_id, cost_class, part";
            var added = $"SELECT {keys}, {string.Join(", ", Sums.Split(',').Select(sum => $"sum({sum})"))} FROM usage_measures GROUP BY {keys}";
            StoreRows.Query(db, $"SELECT * FROM (SELECT {keys}, {Sums} FROM {table} EXCEPT {added})").Should().BeEmpty(because);
            StoreRows.Query(db, $"SELECT * FROM ({added} EXCEPT SELECT {keys}, {Sums} FROM {table})").Should().BeEmpty(because);
        }
    }
}
