using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Export;

/// <summary>The parts of an earlier export that are no longer what the store holds, as the change feed tells.</summary>
static class StaleParts
{
    const int PageSize = 10_000;

    /// <summary>Finds them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="feed">Its change feed.</param>
    /// <param name="earlier">The earlier export.</param>
    /// <param name="folder">Where it is.</param>
    /// <param name="options">How it was asked for.</param>
    /// <returns>Table and part of each, and the token of the store as it is now; NULL: all are stale.</returns>
    /// <exception cref="InvalidChangeTokenException">The store is not what it was.</exception>
    public static (HashSet<(string Table, string Partition)> Parts, ChangeToken Now)? Find(IStoreReader store, ChangeFeed feed, ParquetManifest earlier, string folder, ParquetOptions options)
    {
        if (!ChangeToken.TryParse(earlier.HighWater, out var token))
        {
            return null;
        }

        var parts = earlier.Files.Where(file => file.IsStale || !IsThere(folder, file)).Select(file => (file.Table, file.Partition)).ToHashSet();
        var partitions = options.Partitions;
        var (now, anyGone) = Follow(feed, token, ms => parts.Add(("usage_events", partitions.Of(ms).Value)));

        // A key that went does not say when its call began; and readings of quotas have no feed. How many rows a part has tells.
        AddDifferent(store, "provider_usage_snapshots", earlier, options, parts);
        if (anyGone)
        {
            AddDifferent(store, "usage_events", earlier, options, parts);
        }

        return (parts, now);
    }

    static bool IsThere(string folder, ManifestFile file) =>
        new FileInfo(Path.Combine(folder, file.Path)) is { Exists: true } info && info.Length == file.Bytes;

    static (ChangeToken Now, bool AnyGone) Follow(ChangeFeed feed, ChangeToken token, Action<long> addTime)
    {
        var anyGone = false;
        ChangePage page;
        do
        {
            page = feed.Read(token, PageSize);
            foreach (var change in page.Changes)
            {
                anyGone |= change.IsRemoval;
                if (change.Event is { } stored)
                {
                    addTime(RowPlace.Of((stored["started_ts"] ?? stored["event_ts"]) as long?, stored.Id).Ms);
                }
            }

            token = page.Next;
        }
        while (page.HasMore);

        return (token, anyGone);
    }

    static void AddDifferent(IStoreReader store, string table, ParquetManifest earlier, ParquetOptions options, HashSet<(string Table, string Partition)> parts)
    {
        using var source = store.OpenByTime(table);
        var partitions = options.Partitions;
        var now = new Dictionary<string, long>();
        foreach (var place in source.ReadPlaces(options.Range, _ => true).SelectMany(places => places))
        {
            var name = partitions.Of(place.Ms).Value;
            now[name] = now.GetValueOrDefault(name) + 1;
        }

        var then = earlier.Files.Where(file => file.Table == table).ToDictionary(file => file.Partition, file => file.Rows);
        foreach (var name in now.Keys.Union(then.Keys).Where(name => now.GetValueOrDefault(name) != then.GetValueOrDefault(name)))
        {
            parts.Add((table, name));
        }
    }
}
