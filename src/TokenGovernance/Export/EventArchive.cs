using TokenGovernance.Domain;
using TokenGovernance.Export.Parquet;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Export;

/// <summary>All events of before a time in Parquet files, all columns, each month one: written before the store gives them up, and read back.</summary>
/// <remarks>Its files have names of their own, so an export into the same folder leaves them alone. One that is written again takes the place of what was begun.</remarks>
/// <param name="folder">Where.</param>
/// <param name="createdBy">Name and version of this program.</param>
sealed class EventArchive(string folder, string createdBy)
{
    const string Table = "usage_events";

    /// <summary>Writes them, and checks the files against what the store says of itself.</summary>
    /// <param name="read">Reads the store at one moment.</param>
    /// <param name="beforeMs">The time, in ms since 1970.</param>
    /// <param name="number">Tells it apart from another archive of the same time.</param>
    /// <returns>The files, and how many events are in them.</returns>
    /// <exception cref="UserFacingException">They cannot be written, or are not what they should be.</exception>
    public (IReadOnlyList<string> Files, long Events) Write(Func<Func<StoreReader, EventDigest>, EventDigest> read, long beforeMs, long number)
    {
        ParquetDraft? draft = null;
        try
        {
            Directory.CreateDirectory(folder);
            using var folderLock = FolderLock.Take(folder);
            var expected = read(store =>
            {
                draft?.Dispose();
                draft = Fill(store, beforeMs, number);

                return store.Digest(beforeMs);
            });
            foreach (var (file, _) in draft!.Files)
            {
                file.Keep();
            }

            List<string> paths = [.. draft.Files.Select(file => Path.Combine(folder, file.Entry.Path))];
            var found = ReadBack(paths);

            return found == expected
                ? (paths, expected.Events)
                : throw new UserFacingException(
                    $"The archive in {folder} is not what was to be archived ({found} instead of {expected}): nothing was removed. Check the disk, then try again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or ZstdSharp.ZstdException)
        {
            throw new UserFacingException($"The archive in {folder} cannot be written and read back: {e.Message} Nothing was removed.", e);
        }
        finally
        {
            draft?.Dispose();
        }
    }

    ParquetDraft Fill(StoreReader store, long beforeMs, long number)
    {
        using var feed = store.OpenChanges();
        var draft = new ParquetDraft(folder, $"archive-{(ulong)feed.ReadEnd().Store:x16}-{UtcTime.FormatDay(beforeMs)}-{number:x}.parquet");
        try
        {
            var options = new ParquetOptions(new TimeRange(null, beforeMs), PartitionUnit.Month, TimeZoneInfo.Utc, WithPeerIds: true, ParquetCompression.Zstd, createdBy);
            draft.Write(store, Table, options, _ => true);

            return draft;
        }
        catch
        {
            draft.Dispose();

            throw;
        }
    }

    static EventDigest ReadBack(IReadOnlyList<string> paths)
    {
        var digest = default(EventDigest);
        foreach (var path in paths)
        {
            using var reader = new ParquetReader(path);
            for (var group = 0; group < reader.Groups.Count; group++)
            {
                var (keys, tokens, costs) = (reader.ReadBytes(group, "event_key"), reader.ReadNumbers(group, "total_tokens"), reader.ReadDoubles(group, "cost_total"));
                for (var row = 0; row < keys.Length; row++)
                {
                    digest = digest.With(EventKey.Read(keys[row] ?? []), tokens[row] ?? 0, costs[row]);
                }
            }
        }

        return digest;
    }
}
