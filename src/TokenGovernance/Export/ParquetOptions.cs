using TokenGovernance.Domain;
using TokenGovernance.Export.Parquet;

namespace TokenGovernance.Export;

/// <summary>How an export is asked for.</summary>
/// <param name="Range">Which rows.</param>
/// <param name="Unit">How it is divided.</param>
/// <param name="Zone">Whose months and days.</param>
/// <param name="WithPeerIds">Whether keys of sessions and paths are written as they are.</param>
/// <param name="Compression">How pages are compressed.</param>
/// <param name="CreatedBy">Name and version of this program.</param>
sealed record ParquetOptions(TimeRange Range, PartitionUnit Unit, TimeZoneInfo Zone, bool WithPeerIds, ParquetCompression Compression, string CreatedBy)
{
    public Partitions Partitions => new(Unit, Zone);

    /// <summary>As the manifest keeps them: files that were made with the same can stay.</summary>
    public ManifestOptions ForManifest() => new(
        Range.FromMs is { } from ? UtcTime.Format(from) : null,
        Range.BeforeMs is { } before ? UtcTime.Format(before) : null,
        Zone.Id,
        Unit.ToString().ToLowerInvariant(),
        WithPeerIds ? "all" : "no-peer-ids");
}
