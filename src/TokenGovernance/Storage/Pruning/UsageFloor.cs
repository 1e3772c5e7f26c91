using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Pruning;

/// <summary>The time before which no event is stored: those that were have been removed, and their keys with them.</summary>
/// <remarks>
///     Calls of other runtimes and the accounts of their turns belong together. So of these a day more is closed: a turn that began before the
///     floor, and lost its calls, is never settled again.
/// </remarks>
sealed class UsageFloor(SqliteConnection connection)
{
    const long LongestTurnMs = QuarterHour.DayMs;

    long? _ms = RetentionState.ReadFloor(connection);

    /// <summary>Reads it again: another process may have moved it.</summary>
    public void Load() => _ms = RetentionState.ReadFloor(connection);

    /// <summary>True if an event is not to be stored: its call began before the floor, or its key is of before.</summary>
    public bool Hides(UsageEvent usage) =>
        _ms is { } floor && (usage.Runtime == RuntimeName.OpenClaw ? floor : floor + LongestTurnMs) is var from
        && ((usage.StartedMs ?? usage.EventMs) < from || usage.Key.InstantMs < from);

    /// <summary>True if the account of a turn stays as it is, because calls of the turn may be gone.</summary>
    /// <param name="accountMs">When its call began, in ms since 1970.</param>
    public bool Freezes(long? accountMs) => accountMs < _ms + LongestTurnMs;
}
