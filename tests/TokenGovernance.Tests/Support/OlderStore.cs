using TokenGovernance.Storage;
using TokenGovernance.Storage.Migrations;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests;

/// <summary>Databases that `init` and `collect` upgrade, and that nothing else touches.</summary>
static class OlderStore
{
    /// <summary>A store of schema 1 with two responses.</summary>
    public static void MakeSchema1(string db) =>
        StoreRows.Execute(db, File.ReadAllText(Path.Combine(ReportScene.Root, "tests", "TokenGovernance.Tests", "golden", "schema-1.sql")));

    /// <summary>A store as 0.1.0 made it, without a row.</summary>
    public static void MakeSchema2(string db) => StoreRows.Execute(db, $"""
        {Version1.Sql}
        {Version2.Sql}
        PRAGMA application_id = {Schema.ApplicationId};
        PRAGMA user_version = 2;
        """);

    /// <summary>Makes a store of today one of schema 15: what later versions added is taken away.</summary>
    public static void TakeBackTo15(string db) => StoreRows.Execute(db, """
        DROP TABLE forgotten_keys;
        DROP TABLE pruned_failures;
        DROP TABLE retention_state;
        DROP INDEX idx_event_attributions_pruned;
        ALTER TABLE budget_alerts DROP COLUMN estimated_usd;
        ALTER TABLE event_attributions DROP COLUMN pruned_of;
        ALTER TABLE event_attributions DROP COLUMN pruned_first_ms;
        ALTER TABLE event_attributions DROP COLUMN pruned_last_ms;
        PRAGMA user_version = 15;
        """);

    /// <summary>A database of the Python original.</summary>
    public static void MakeOriginal(string db) => LegacyDatabaseBuilder.CopyFixture(db);
}
