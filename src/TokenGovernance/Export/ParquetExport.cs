using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Export;

/// <summary>Writes the store's tables as Parquet files, in folders by month or day as Hive names them; one part is one file.</summary>
/// <remarks>
///     All files are written beside those whose place they take, then renamed; the manifest comes last. Whoever is killed in between leaves files
///     that are whole, of one moment or of a later one, and a manifest by which the next incremental export brings all of them up to date.
/// </remarks>
sealed class ParquetExport(string folder, ParquetOptions options, TimeProvider time)
{
    /// <summary>A reader has a file open: on Windows it cannot be replaced then.</summary>
    const int Attempts = 10;

    static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes it.</summary>
    /// <param name="store">The store; all files that are written show the same moment of it.</param>
    /// <param name="isIncremental">Writes only parts that changed since the last export into the folder, if that was asked for alike.</param>
    /// <exception cref="UserFacingException">Nothing was changed in the folder; the message says why.</exception>
    public ParquetResult Write(IStore store, bool isIncremental)
    {
        Prepared? prepared = null;
        try
        {
            // A store that is not there leaves no folder behind.
            store.Read(_ => true);
            Directory.CreateDirectory(folder);
            using var folderLock = FolderLock.Take(folder);
            prepared = store.Read(reader =>
            {
                prepared?.Draft.Dispose();
                prepared = null;
                prepared = Begin(reader, isIncremental);
                Fill(reader, prepared);

                return prepared;
            });

            return Publish(prepared);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
        finally
        {
            prepared?.Draft.Dispose();
        }
    }

    Prepared Begin(IStoreReader store, bool isIncremental)
    {
        var name = store.ReadIdentity();
        using var feed = store.OpenChanges();
        var end = feed?.ReadEnd();
        var hasEarlier = ParquetManifest.TryRead(folder, out var earlier);
        if (hasEarlier && earlier!.Store != name)
        {
            throw new UserFacingException($"{folder} holds the export of another store. Choose a folder of its own for each store.");
        }

        var draft = new ParquetDraft(folder, $"part-{name}-0.parquet");
        var keeping = hasEarlier ? RemovedParts.Find(store, earlier!, folder, options) : new RemovedParts([], store.ReadRetention()?.FloorMs);
        Prepared Anew(string? note) => new(draft, name, end, null, [], note) { Keeping = keeping };

        if (!isIncremental || !hasEarlier || feed is null)
        {
            return Anew(null);
        }

        if (earlier!.Options != options.ForManifest())
        {
            return Anew("The earlier export was made with other options: all of it was written anew.");
        }

        try
        {
            return StaleParts.Find(store, feed, earlier, folder, options) is var (parts, now)
                ? new Prepared(draft, name, now, parts, earlier.Files, null) { Keeping = keeping }
                : Anew("The earlier export is of another version: all of it was written anew.");
        }
        catch (InvalidChangeTokenException)
        {
            return Anew("An older copy of the store was put in its place: all of the export was written anew.");
        }
    }

    void Fill(IStoreReader store, Prepared prepared)
    {
        try
        {
            foreach (var table in CsvExport.Tables)
            {
                var partitions = options.Partitions;
                bool IsKept(long ms) => prepared.Keeping.Files.Count > 0 && prepared.Keeping.Contains(table, partitions.Of(ms).Value);

                if (prepared.Parts is null)
                {
                    prepared.Draft.Write(store, table, options, ms => !IsKept(ms));
                }
                else if (prepared.Parts.Any(part => part.Table == table && !prepared.Keeping.Contains(table, part.Partition)))
                {
                    prepared.Draft.Write(store, table, options, ms => prepared.Parts.Contains((table, partitions.Of(ms).Value)) && !IsKept(ms));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not a failure of the store, which whoever reads it takes such exceptions for.
            throw Failed(e);
        }
    }

    ParquetResult Publish(Prepared prepared)
    {
        var failed = new List<string>();
        var files = new List<ManifestFile>();
        foreach (var (file, entry) in prepared.Draft.Files)
        {
            var isReplaced = TryReplace(file);
            files.Add(entry with { IsStale = !isReplaced });
            if (!isReplaced)
            {
                failed.Add(entry.Path);
            }
        }

        var unchanged = prepared.Earlier.Where(file => !prepared.Parts!.Contains((file.Table, file.Partition)) && !prepared.Keeping.Contains(file.Table, file.Partition))
            .Concat(prepared.Keeping.Files).ToList();
        var written = files.Where(file => !file.IsStale).ToList();
        IReadOnlyList<ManifestFile> all = [.. files.Concat(unchanged).OrderByDescending(file => file.Table).ThenBy(file => file.Partition, StringComparer.Ordinal)];
        var removed = ParquetFolder.RemoveOthers(folder, prepared.Store, all.Select(file => file.Path).ToHashSet());
        new ParquetManifest(
            ParquetManifest.LatestFormat, Schema.Latest, prepared.Store, prepared.Now?.ToString() ?? "", UtcTime.Format(time.GetUtcNow()), options.ForManifest(), all)
        {
            FloorMs = prepared.Keeping.FloorMs,
        }.Write(folder);

        return new ParquetResult(prepared.Parts is not null, written, unchanged.Count, removed, failed, prepared.Note);
    }

    static bool TryReplace(TemporaryFile file)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                file.Keep();

                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!OperatingSystem.IsWindows() || attempt == Attempts)
                {
                    return false;
                }

                Thread.Sleep(BetweenAttempts);
            }
        }
    }

    UserFacingException Failed(Exception error) => new($"The export into {folder} failed: {error.Message}", error);

    /// <summary>An export before its files get their names.</summary>
    /// <param name="Now">How far the store is; NULL: it has no change feed.</param>
    /// <param name="Parts">Which are written; NULL: all.</param>
    /// <param name="Earlier">The files of the earlier export that goes on.</param>
    /// <param name="Note">What to tell the user.</param>
    sealed record Prepared(
        ParquetDraft Draft, string Store, ChangeToken? Now, HashSet<(string Table, string Partition)>? Parts, IReadOnlyList<ManifestFile> Earlier, string? Note)
    {
        /// <summary>Files that stay because the store does not have all of their rows any more.</summary>
        public required RemovedParts Keeping { get; init; }
    }
}

/// <summary>What an export did.</summary>
/// <param name="IsIncremental">Only what had changed was written.</param>
/// <param name="Written">The files that were written.</param>
/// <param name="Unchanged">How many were left alone.</param>
/// <param name="Removed">How many of earlier exports of the store were removed, because they are part of this one no longer.</param>
/// <param name="Failed">Those that could not be replaced.</param>
/// <param name="Note">What else to tell the user.</param>
sealed record ParquetResult(bool IsIncremental, IReadOnlyList<ManifestFile> Written, int Unchanged, int Removed, IReadOnlyList<string> Failed, string? Note);
