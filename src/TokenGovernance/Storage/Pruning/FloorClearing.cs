using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Pruning;

/// <summary>Takes the floor away, and with it the sums whose events are gone: read again, they would count twice.</summary>
static class FloorClearing
{
    const string Kept = "(SELECT id FROM event_attributions WHERE pruned_of IS NOT NULL)";

    /// <summary>Does it, in the caller's transaction, on a connection without triggers.</summary>
    public static void Run(SqliteConnection connection)
    {
        var floor = RetentionState.ReadFloor(connection) ?? long.MinValue;
        foreach (var table in new[] { RollupColumns.Quarters, RollupColumns.Days })
        {
            connection.Execute($"DELETE FROM {table.Table} WHERE attribution_id IN {Kept}");
        }

        foreach (var (table, ms) in new[] { (RollupColumns.GroupHours, 3_600_000L), (RollupColumns.GroupDays, 86_400_000L) })
        {
            var below = $"{table.Unit} > -2147483648 AND {table.Unit} < {floor / ms}";
            connection.Execute($"DELETE FROM {table.Table} WHERE {below}");
            connection.Execute($"""
                INSERT INTO {table.Table} ({string.Join(", ", table.Keys.Concat(table.Sums))})
                SELECT {string.Join(", ", table.Keys.Select(key => key == "is_error" ? "errors" : key))}, {string.Join(", ", table.Sums.Select(sum => $"sum({sum})"))}
                FROM usage_measures WHERE {below}
                GROUP BY {string.Join(", ", table.Keys.Select(key => key == "is_error" ? "errors" : key))}
                """);
        }

        connection.Execute("""
            DELETE FROM pruned_failures;
            UPDATE event_attributions SET pruned_first_ms = NULL, pruned_last_ms = NULL WHERE pruned_of IS NOT NULL;
            UPDATE retention_state SET floor_ms = NULL, archive = NULL, is_archived = 0, pruned_events = 0;
            """);
    }
}
