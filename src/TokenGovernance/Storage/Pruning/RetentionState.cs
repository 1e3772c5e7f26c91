using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Pruning;

/// <summary>The `retention_state` table: from when on single responses are kept, and for how long they are to be.</summary>
/// <param name="FloorMs">Single responses of before are gone or about to go, in ms since 1970; NULL: all are kept.</param>
/// <param name="Archive">Where they are written to before they go; NULL: nowhere.</param>
/// <param name="IsArchived">They have been.</param>
/// <param name="PrunedEvents">How many went, all in all.</param>
/// <param name="AppliedMs">When the last removal ended.</param>
/// <param name="Keep">For how long a daemon keeps them, such as `13mo`; NULL: it removes none.</param>
/// <param name="KeepArchive">Where a daemon writes them to.</param>
/// <param name="ClosedMs">When the floor, or the archive's folder, became what it is.</param>
sealed record RetentionState(long? FloorMs, string? Archive, bool IsArchived, long PrunedEvents, long? AppliedMs, string? Keep, string? KeepArchive, long? ClosedMs)
{
    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["state"] = "SELECT floor_ms, archive, is_archived, pruned_events, applied_ms, keep, keep_archive, closed_ms FROM retention_state",
    };

    public static RetentionState Read(SqliteConnection connection)
    {
        using var command = connection.Prepare(Queries["state"]);
        using var reader = command.ExecuteReader();
        reader.Read();

        return new RetentionState(
            reader.GetNumber(0), reader.GetText(1), reader.GetInt64(2) != 0, reader.GetInt64(3), reader.GetNumber(4), reader.GetText(5), reader.GetText(6),
            reader.GetNumber(7));
    }

    public static long? ReadFloor(SqliteConnection connection) => connection.QueryLong("SELECT floor_ms FROM retention_state");
}
