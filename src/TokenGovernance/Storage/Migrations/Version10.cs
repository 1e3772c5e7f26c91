namespace TokenGovernance.Storage.Migrations;

/// <summary>The part of the cache writes that is kept for an hour: it has a price of its own.</summary>
static class Version10
{
    internal const string Column = "cache_write_1h_tokens";

    public static readonly string Sql = $"""
        ALTER TABLE event_facts ADD COLUMN {Column} INTEGER;
        {StarRollup.AddUp(Column, Version7.Note)}

        DROP VIEW usage_events;
        {StarViews.UsageEvents($"{Version6.Columns}, e.{Column}", Version6.Joins)}

        DROP VIEW v_usage_quarters;
        DROP VIEW v_usage_days;
        {StarRollup.ViewsWith(Version5.Sources, $"{Version6.RollupColumns}, u.{Column}")}
        """;
}
