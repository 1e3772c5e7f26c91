namespace TokenGovernance.Storage.Migrations;

/// <summary>What of an alert's value is estimated.</summary>
static class Version19
{
    public const string Sql = """
        -- Dollars of `value` that are estimated at list prices; NULL: nobody asked for an estimate, or there was nothing to estimate.
        ALTER TABLE budget_alerts ADD COLUMN estimated_usd REAL;
        """;
}
