namespace TokenGovernance.Storage.Rollup;

/// <summary>A table of the roll-up: which sums are in it, and by what.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Unit">Its span of time.</param>
/// <param name="IsByGroup">Of the coarse level: by group, failed calls apart; else by attribution.</param>
sealed record RollupColumns(string Table, string Unit, bool IsByGroup)
{
    public static readonly RollupColumns Quarters = new("usage_quarters", "quarter", IsByGroup: false);
    public static readonly RollupColumns Days = new("usage_days", "day", IsByGroup: false);
    public static readonly RollupColumns GroupHours = new("usage_group_hours", "hour", IsByGroup: true);
    public static readonly RollupColumns GroupDays = new("usage_group_days", "day", IsByGroup: true);

    public IReadOnlyList<string> Keys => IsByGroup
        ? [Unit, "group_id", "model_id", "cost_class", "is_error", "part"]
        : [Unit, "attribution_id", "model_id", "cost_class", "part"];

    public IReadOnlyList<string> Sums =>
    [
        "events", .. IsByGroup ? Array.Empty<string>() : ["errors"], "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens",
        "reasoning_events", "total_tokens", "cost_nano", "cache_write_1h_tokens",
    ];

    /// <summary>Adds sums to those that are there.</summary>
    /// <param name="source">VALUES, or a SELECT with a WHERE, that gives keys and sums.</param>
    public string AddSql(string source) => $"""
        INSERT INTO {Table} ({string.Join(", ", Keys.Concat(Sums))})
        {source}
        ON CONFLICT DO UPDATE SET {string.Join(", ", Sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"))}
        """;

    /// <summary>Adds an event that is stored, with the id $p0.</summary>
    public string AddStoredSql => AddSql(
        $"SELECT {string.Join(", ", Keys.Select(key => key == "is_error" ? "errors" : key).Concat(Sums))} FROM usage_measures WHERE id = $p0");
}
