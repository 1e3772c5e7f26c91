using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Export;

/// <summary>Files of an earlier export whose rows the store does not have any more, because they were removed by their age: they stay as they are.</summary>
/// <param name="Files">The files.</param>
/// <param name="FloorMs">Responses of before were removed from the store, in ms since 1970; NULL: none.</param>
sealed record RemovedParts(IReadOnlyList<ManifestFile> Files, long? FloorMs)
{
    const string Table = "usage_events";

    /// <summary>Finds them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="earlier">The earlier export.</param>
    /// <param name="folder">Where it is.</param>
    /// <param name="options">How the next one is asked for.</param>
    /// <exception cref="UserFacingException">They cannot be part of it.</exception>
    public static RemovedParts Find(IStoreReader store, ParquetManifest earlier, string folder, ParquetOptions options)
    {
        var floorMs = store.ReadRetention()?.FloorMs;
        if (floorMs is not { } floor)
        {
            return new RemovedParts([], null);
        }

        // A file of all months goes on only if it was begun when those were gone already.
        var files = earlier.Files.Where(file => file.Table == Table && File.Exists(Path.Combine(folder, file.Path)) && (file.FromMs < floor || (file.Partition == "all" && !(earlier.FloorMs >= floor)))).ToList();
        var isPlain = earlier.Options == options.ForManifest() && options.Unit is not PartitionUnit.None;

        return files.Count == 0 || isPlain
            ? new RemovedParts(files, floorMs)
            : throw new UserFacingException(
                $"{folder} holds responses of before {UtcTime.FormatDay(floor)} (UTC), which were removed from the store since: they would be lost. Write to another folder, or with the options of the earlier export ({TextOf(earlier.Options)}).");
    }

    public bool Contains(string table, string partition) => Files.Any(file => file.Table == table && file.Partition == partition);

    static string TextOf(ManifestOptions options) =>
        $"--partition {options.Partition} --columns {options.Columns} --tz {options.TimeZone}{(options.Since is { } since ? $" --since {since}" : "")}{(options.Until is { } until ? $" --until {until}" : "")}";
}
