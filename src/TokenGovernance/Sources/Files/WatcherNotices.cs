namespace TokenGovernance.Sources.Files;

/// <summary>Notices by .NET's watcher, where there is no inotify (macOS, Windows): they bring the next pass forward, which looks at everything.</summary>
sealed class WatcherNotices : IFolderNotices
{
    readonly Dictionary<string, (FolderNotice Notice, FileSystemWatcher? Watcher)> _folders = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _told = new(0, 1);

    public string? Limit => null;

    public FolderNotice Watch(string folder)
    {
        if (!_folders.TryGetValue(folder, out var watched))
        {
            _folders.Add(folder, watched = (new FolderNotice(folder), TryWatch(folder)));
        }

        return watched.Notice;
    }

    public void Collect()
    {
        foreach (var (folder, (notice, watcher)) in _folders)
        {
            if (watcher is null && TryWatch(folder) is { } late)
            {
                _folders[folder] = (notice, late);
            }
        }
    }

    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop)
    {
        try
        {
            return await _told.WaitAsync(longest, stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

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
            watcher.Changed += (_, _) => Tell();
            watcher.Created += (_, _) => Tell();
            watcher.Deleted += (_, _) => Tell();
            watcher.Renamed += (_, _) => Tell();
            watcher.Error += (_, _) => Tell();
            watcher.EnableRaisingEvents = true;

            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    void Tell()
    {
        lock (_told)
        {
            if (_told.CurrentCount == 0)
            {
                _told.Release();
            }
        }
    }
}
