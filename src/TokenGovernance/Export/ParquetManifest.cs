using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenGovernance.Export;

/// <summary>What an export into a folder was made of: `_token_governance.json`. Fields may be added, never renamed.</summary>
/// <param name="Format">Of this file.</param>
/// <param name="Schema">The version of the store's schema.</param>
/// <param name="Store">Which store it is of.</param>
/// <param name="HighWater">How far the store was: a token of its change feed; empty where it has none.</param>
/// <param name="ExportedAt">When.</param>
/// <param name="Options">How it was asked for.</param>
/// <param name="Files">The files that belong to it.</param>
sealed record ParquetManifest(
    int Format, int Schema, string Store, string HighWater, string ExportedAt, ManifestOptions Options, IReadOnlyList<ManifestFile> Files)
{
    /// <summary>Responses of before were removed from the store then, in ms since 1970; NULL: none.</summary>
    public long? FloorMs { get; init; }

    public const string Name = "_token_governance.json";

    public const int LatestFormat = 1;

    /// <summary>Reads that of a folder.</summary>
    /// <returns>False if there is none that this program can read.</returns>
    public static bool TryRead(string folder, [NotNullWhen(true)] out ParquetManifest? manifest)
    {
        manifest = null;
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, Name)), ParquetManifestJson.Default.ParquetManifest);
            manifest = read is { Format: LatestFormat, Store: not null, HighWater: not null, Options: not null, Files: not null } ? read : null;
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Then the export begins anew.
        }

        return manifest is not null;
    }

    /// <summary>Writes it into a folder, in the place of an earlier one.</summary>
    public void Write(string folder)
    {
        using var file = TemporaryFile.For(Path.Combine(folder, Name));
        JsonSerializer.Serialize(file.Stream, this, ParquetManifestJson.Default.ParquetManifest);
        file.Keep();
    }
}

/// <summary>How an export was asked for: with other options it begins anew.</summary>
/// <param name="Since">UTC; NULL is open.</param>
/// <param name="Until">UTC, the first moment that does not belong; NULL is open.</param>
/// <param name="Partition">`month`, `day` or `none`.</param>
/// <param name="Columns">`all` or `no-peer-ids`.</param>
sealed record ManifestOptions(string? Since, string? Until, string TimeZone, string Partition, string Columns);

/// <summary>A file of an export.</summary>
/// <param name="Path">In the folder.</param>
/// <param name="FromMs">The beginning of its part of time, in ms since 1970; NULL: it has none.</param>
/// <param name="TotalTokens">The sum of that column.</param>
/// <param name="CostTotal">The sum of that column, in US dollars.</param>
/// <param name="IsStale">It could not be replaced: the next export does it.</param>
sealed record ManifestFile(string Table, string Partition, string Path, long? FromMs, long Rows, long Bytes, decimal TotalTokens, decimal CostTotal, bool IsStale = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ParquetManifest))]
sealed partial class ParquetManifestJson : JsonSerializerContext;
