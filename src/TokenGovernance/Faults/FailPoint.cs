using System.Diagnostics;
using System.Globalization;

namespace TokenGovernance.Faults;

/// <summary>Places at which tests let the program die as a power cut would: no handler runs, no buffer is flushed.</summary>
/// <remarks>
///     `TOKEN_GOVERNANCE_FAIL_AT=append-before-commit:3` ends the process when it comes to that place for the third time. For tests
///     only. Without the variable a place costs one comparison with NULL.
/// </remarks>
static class FailPoint
{
    public const string Variable = "TOKEN_GOVERNANCE_FAIL_AT";

    /// <summary>A new store is whole, but has not got its name yet.</summary>
    public const string StoreBeforeRename = "store-before-rename";

    /// <summary>A new store has its name, but the disk was not yet waited for.</summary>
    public const string StoreAfterRename = "store-after-rename";

    /// <summary>Batches are in a store that is being filled for the first time and has no name yet.</summary>
    public const string FillAfterAppend = "fill-after-append";

    /// <summary>The backup of a database of the Python original is whole, but has not got its name yet.</summary>
    public const string BackupBeforeRename = "backup-before-rename";

    /// <summary>A part of the events has been taken over into another schema.</summary>
    public const string MigrationCopying = "migration-copying";

    /// <summary>A step of the schema is done, but not committed.</summary>
    public const string MigrationBeforeCommit = "migration-before-commit";

    /// <summary>A step of the schema is committed; further ones may follow.</summary>
    public const string MigrationAfterCommit = "migration-after-commit";

    /// <summary>Batches and their checkpoints are written, but not committed.</summary>
    public const string AppendBeforeCommit = "append-before-commit";

    /// <summary>Batches and their checkpoints are committed; further ones may follow.</summary>
    public const string AppendAfterCommit = "append-after-commit";

    /// <summary>Alerts and the messages about them are written, but not committed.</summary>
    public const string AlertBeforeCommit = "alert-before-commit";

    /// <summary>A message is taken to be sent, and that is committed.</summary>
    public const string AlertBeforeSend = "alert-before-send";

    /// <summary>A message was sent, but that is not noted yet.</summary>
    public const string AlertAfterSend = "alert-after-send";

    /// <summary>A file of an export is whole, but has not got its name yet.</summary>
    public const string ExportBeforeRename = "export-before-rename";

    /// <summary>A batch is in the fleet's database, but not committed there.</summary>
    public const string FleetBeforeCommit = "fleet-before-commit";

    /// <summary>A batch is committed in the fleet's database; further ones may follow.</summary>
    public const string FleetAfterCommit = "fleet-after-commit";

    /// <summary>Events of a step are removed by their age, but that is not committed.</summary>
    public const string PruneBeforeCommit = "prune-before-commit";

    /// <summary>A step of a removal by age is committed; further ones may follow.</summary>
    public const string PruneAfterCommit = "prune-after-commit";

    static readonly string? Place;
    static int _timesLeft;

    static FailPoint()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } setting)
        {
            return;
        }

        var parts = setting.Split(':');
        Place = parts[0];
        _timesLeft = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times : 1;
    }

    /// <summary>Ends the process if it is to die here, this time.</summary>
    public static void Reach(string place)
    {
        if (Place is not null && place == Place && Interlocked.Decrement(ref _timesLeft) == 0)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
