using System.Globalization;

namespace TokenGovernance.Domain;

/// <summary>What became of a database of the original.</summary>
/// <param name="BackupPath">The file as it was.</param>
sealed record LegacyImportReport(string BackupPath, int Kept, int Copies, int Synthetic, int Trajectories)
{
    public int Surplus => Copies + Synthetic + Trajectories;

    /// <summary>One sentence for the user, and where the backup is.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Upgraded a database of the Python original: {Kept:#,##0} responses kept, {Surplus:#,##0} rows moved to adopted_surplus "
        + $"({Copies:#,##0} copies, {Synthetic:#,##0} synthetic messages, {Trajectories:#,##0} from trajectories). "
        + $"The file as it was: {BackupPath}");
}
