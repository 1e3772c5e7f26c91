using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Changes;

/// <summary>Tells whether usage of before a moment is other than it was: added late, attributed otherwise, or gone.</summary>
static class EarlierChanges
{
    const string Sql = $"""
        SELECT EXISTS (SELECT 1 FROM event_facts AS e WHERE e.id > ?1 AND {RollupTable.UsageMs} < ?3)
          OR EXISTS (
            SELECT 1 FROM event_changes AS c WHERE c.seq > ?2 AND (
              c.removed_key IS NOT NULL
              OR EXISTS (SELECT 1 FROM event_facts AS e WHERE e.id = c.event_id AND {RollupTable.UsageMs} < ?3)
              OR EXISTS (SELECT 1 FROM event_facts AS e WHERE e.attribution_id = c.attribution_id AND {RollupTable.UsageMs} < ?3)))
        """;

    const string OldestSql = $"""
        SELECT min(ms) FROM (
          SELECT min({RollupTable.UsageMs}) AS ms FROM event_facts AS e WHERE e.id > ?1
          UNION ALL
          SELECT min({RollupTable.UsageMs}) FROM event_changes AS c CROSS JOIN event_facts AS e ON e.id = c.event_id WHERE c.seq > ?2
          UNION ALL
          SELECT min({RollupTable.UsageMs}) FROM event_changes AS c CROSS JOIN event_facts AS e ON e.attribution_id = c.attribution_id WHERE c.seq > ?2)
        """;

    /// <summary>When the oldest usage began that came or changed since; NULL: there is none with a time.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="since">What is known already.</param>
    public static long? FindOldest(SqliteConnection connection, ChangePosition since)
    {
        using var rows = new SqliteRows(connection, OldestSql);
        rows.Bind(1, since.EventId);
        rows.Bind(2, since.Change);
        rows.Next();

        return rows.TypeOf(0) is CellType.Null ? null : rows.GetInteger(0);
    }

    /// <param name="connection">The store.</param>
    /// <param name="since">What is known already.</param>
    /// <param name="beforeMs">The moment, in ms since 1970; usage counts by the start of its call.</param>
    public static bool Any(SqliteConnection connection, ChangePosition since, long beforeMs)
    {
        using var rows = new SqliteRows(connection, Sql);
        rows.Bind(1, since.EventId);
        rows.Bind(2, since.Change);
        rows.Bind(3, beforeMs);
        rows.Next();

        return rows.GetInteger(0) != 0;
    }
}
