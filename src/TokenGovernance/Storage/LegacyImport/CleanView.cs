using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>The original's events with values as our tables want them: its columns took whatever a transcript held.</summary>
static class CleanView
{
    static readonly string MaxDollars = Money.MaxDollars.ToString("F1", CultureInfo.InvariantCulture);

    public const string Name = "temp.original_clean_events";

    public static void Create(SqliteConnection connection)
    {
        connection.CreateFunction<string?, long?>("instant_ms", LegacyTime.Parse, isDeterministic: true);
        connection.CreateFunction<string?, string?>("utc_time", LegacyTime.Normalise, isDeterministic: true);
        IEnumerable<string> columns = ["instant_ms(event_ts) AS instant_ms", .. EventColumns.Legacy.Select(column => $"{Clean(column)} AS {column}")];
        connection.Execute($"""
            CREATE TEMP VIEW original_clean_events AS
            SELECT {string.Join(", ", columns)} FROM main.{LegacyDatabase.Events}
            """);
    }

    public static void Drop(SqliteConnection connection) => connection.Execute($"DROP VIEW {Name}");

    static string Clean(EventColumn column) => column.Type switch
    {
        EventColumnType.Id => column.Name,
        EventColumnType.Time => $"utc_time({column})",
        EventColumnType.Count => $"CASE WHEN typeof({column}) IN ('integer', 'real') THEN min(max(CAST({column} AS INTEGER), 0), {TokenCounts.Max}) END",
        EventColumnType.Dollars => $"CASE WHEN cost_total >= 0 AND typeof({column}) IN ('integer', 'real') THEN min(max(CAST({column} AS REAL), 0.0), {MaxDollars}) END",
        _ => $"nullif(CAST({column} AS TEXT), '')",
    };
}
