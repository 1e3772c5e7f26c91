namespace TokenGovernance.Storage;

/// <summary>The store of this machine: a file.</summary>
/// <param name="path">Its path.</param>
sealed class LocalStore(string path) : IStore
{
    /// <summary>The clock of a file system ticks slowly: two writes this close may leave one time.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    public string Name => path;

    public bool HasNodes => false;

    public T Read<T>(Func<IStoreReader, T> read) => StoreReader.Read(path, read);

    /// <summary>By what the file system says: nothing is opened.</summary>
    public StoreStamp ReadStamp(DateTimeOffset now)
    {
        var (file, wal) = (new FileInfo(path), new FileInfo($"{path}-wal"));
        var newest = file.LastWriteTimeUtc > wal.LastWriteTimeUtc ? file.LastWriteTimeUtc : wal.LastWriteTimeUtc;
        string[] parts = [.. new[] { file.Exists ? file.Length : -1, file.LastWriteTimeUtc.Ticks, wal.Exists ? wal.Length : -1, wal.LastWriteTimeUtc.Ticks }
            .Select(part => part.ToString(System.Globalization.CultureInfo.InvariantCulture))];

        return new StoreStamp(string.Join(' ', parts), newest < now.UtcDateTime - Tick);
    }
}
