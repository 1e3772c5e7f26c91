namespace TokenGovernance.Export;

/// <summary>The files of a store in the folder of an export: known by their names. Nobody else's are touched.</summary>
static class ParquetFolder
{
    /// <summary>Removes files of the store that are not part of its export, and what a killed export left behind.</summary>
    /// <param name="folder">The folder; no other export writes into it now.</param>
    /// <param name="store">The name of the store.</param>
    /// <param name="keep">The paths, in the folder, of the files that are.</param>
    /// <returns>How many files were removed.</returns>
    public static int RemoveOthers(string folder, string store, IReadOnlySet<string> keep)
    {
        var removed = 0;
        foreach (var path in CsvExport.Tables.SelectMany(table => FoldersOf(Path.Combine(folder, table))).SelectMany(part => Directory.EnumerateFiles(part, $"part-{store}-*")).ToList())
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (!keep.Contains(name) && (name.EndsWith(".parquet", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)))
            {
                File.Delete(path);
                removed += name.EndsWith(".parquet", StringComparison.Ordinal) ? 1 : 0;
                RemoveIfEmpty(Path.GetDirectoryName(path)!);
            }
        }

        return removed;
    }

    /// <summary>The folder of a table and those in it; links are not followed.</summary>
    static IEnumerable<string> FoldersOf(string table) => Directory.Exists(table)
        ? new DirectoryInfo(table).EnumerateDirectories().Where(part => part.LinkTarget is null).Select(part => part.FullName).Prepend(table)
        : [];

    static void RemoveIfEmpty(string folder)
    {
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
