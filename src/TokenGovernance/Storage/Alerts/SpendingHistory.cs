using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Alerts;

/// <summary>What weeks of spending come to for the detection of runaways, so that a program that looks once need not read them again.</summary>
/// <param name="Settings">What was watched, and by which rule.</param>
/// <param name="First">The quarter-hour that it begins with.</param>
/// <param name="End">The quarter-hour before which all is in it.</param>
/// <param name="LastEventId">The last event that was stored then; with <paramref name="LastChange" /> it tells whether it is still right.</param>
/// <param name="LastChange">The last change of an event that was noted then.</param>
/// <param name="State">What is usual of each agent, and what is not over; only the rule that made it reads it.</param>
sealed record SpendingHistory(string Settings, int First, int End, long LastEventId, long LastChange, byte[] State)
{
    /// <summary>Asks for what is kept: a test looks at its plan.</summary>
    public const string Query =
        "SELECT first_quarter, end_quarter, last_event_id, last_change, state FROM runaway_history WHERE settings = ?1";

    /// <summary>What is kept for some settings; NULL: nothing.</summary>
    public static SpendingHistory? Find(SqliteConnection connection, string settings)
    {
        using var rows = new SqliteRows(connection, Query);
        rows.Bind(1, settings);

        return rows.Next()
            ? new SpendingHistory(
                settings, (int)rows.GetInteger(0), (int)rows.GetInteger(1), rows.GetInteger(2), rows.GetInteger(3), rows.GetBlob(4).ToArray())
            : null;
    }

    /// <summary>Keeps it in place of what was kept, and forgets what nobody will ask for again.</summary>
    public void Keep(SqliteConnection connection)
    {
        using var delete = connection.Prepare("DELETE FROM runaway_history WHERE settings = $p0 OR first_quarter <> $p1");
        delete.With(Settings, First).ExecuteNonQuery();
        using var insert = connection.Prepare(
            "INSERT INTO runaway_history (settings, first_quarter, end_quarter, last_event_id, last_change, state) VALUES ($p0, $p1, $p2, $p3, $p4, $p5)");
        insert.With(Settings, First, End, LastEventId, LastChange, State).ExecuteNonQuery();
    }
}
