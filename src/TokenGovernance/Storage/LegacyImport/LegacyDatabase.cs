using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>Knows a database made by the Python original by its three tables.</summary>
static class LegacyDatabase
{
    public const string Events = "original_usage_events";
    public const string Snapshots = "original_provider_usage_snapshots";
    public const string State = "original_collector_state";

    /// <summary>The names of the columns of its `usage_events`, for SQL.</summary>
    public static readonly string EventNames = EventColumns.Names(EventColumns.Legacy);

    static readonly (string Name, string AsideName, string Columns)[] Tables =
    [
        ("usage_events", Events, EventNames),
        (
            "provider_usage_snapshots",
            Snapshots,
            "id, snapshot_ts, provider, display_name, plan, window_label, used_percent, reset_at_ms"),
        ("collector_state", State, "key, value, updated_ts"),
    ];

    /// <summary>True if the original made this database and nothing of ours is in it. Columns must be exactly the original's.</summary>
    /// <remarks>Further tables, views and indexes are the user's own and stay.</remarks>
    public static bool AreIn(SqliteConnection connection) =>
        connection.QueryInt("PRAGMA user_version") == 0
        && connection.QueryInt("PRAGMA application_id") == 0
        && Tables.All(table => ReadColumns(connection, table.Name).SetEquals(Names(table.Columns)));

    /// <summary>Gives them other names, so that ours can be made.</summary>
    public static void SetAside(SqliteConnection connection)
    {
        // The legacy way leaves the user's views as they are: they will read our tables, which have the same columns.
        connection.Execute("PRAGMA legacy_alter_table = ON");
        foreach (var (name, asideName, _) in Tables)
        {
            connection.Execute($"ALTER TABLE {name} RENAME TO {asideName}");
        }

        connection.Execute("PRAGMA legacy_alter_table = OFF");
    }

    public static void Drop(SqliteConnection connection)
    {
        foreach (var (_, asideName, _) in Tables)
        {
            connection.Execute($"DROP TABLE {asideName}");
        }
    }

    static HashSet<string> ReadColumns(SqliteConnection connection, string table)
    {
        using var command = connection.Prepare("""
            SELECT i.name FROM sqlite_schema AS s JOIN pragma_table_xinfo(s.name) AS i WHERE s.type = 'table' AND s.name = $p0
            """);
        using var reader = command.With(table).ExecuteReader();
        var columns = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }

    static string[] Names(string columns) =>
        columns.Split(',', StringSplitOptions.TrimEntries);
}
