namespace TokenGovernance.Sources.Files;

/// <summary>Notices by .NET's watcher, where there is no inotify (macOS, Windows): they bring the next pass forward, which looks at everything.</summary>
sealed class WatcherNotices : IFolderNotices
{
    readonly Dictionary<string, (FolderNotice Notice, FileSystemWatcher? Watcher)> _folders = new(StringComparer.Ordinal);
    readonly Signal _told = new();

    public string? Limit => null;

    public FolderNotice Watch(string folder)
    {
        if (!_folders.TryGetValue(folder, out var watched))
        {
            _folders.Add(folder, watched = (new FolderNotice(folder), TryWatch(folder)));
        }

        return watched.Notice;
    }

    public void Unwatch(string folder)
    {
        if (_folders.Remove(folder, out var watched))
        {
            watched.Watcher?.Dispose();
        }
    }

    public bool Collect()
    {
        foreach (var (folder, (notice, watcher)) in _folders)
        {
            if (watcher is null && TryWatch(folder) is { } late)
            {
                _folders[folder] = (notice, late);
            }
        }

        // Who waited knows.
        return false;
    }

    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop) => _told.WaitAsync(longest, stop);

    public void Dispose()
    {
        foreach (var (_, watcher) in _folders.Values)
        {
            watcher?.Dispose();
        }
    }

    FileSystemWatcher? TryWatch(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        try
        {
            var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, _) => _told.Set();
            watcher.Created += (_, _) => _told.Set();
            watcher.Deleted += (_, _) => _told.Set();
            watcher.Renamed += (_, _) => _told.Set();
            watcher.Error += (_, _) => _told.Set();
            watcher.EnableRaisingEvents = true;

            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
