namespace TokenGovernance.Sources.Files;

/// <summary>What the operating system says of changes in folders, so that nobody has to look all the time.</summary>
/// <remarks>
///     Nothing rests on it: a notice saves a look or brings one forward. Where the system tells nothing, or loses something, everything is
///     looked at; and from time to time all the same. Used from the thread of the passes only.
/// </remarks>
interface IFolderNotices : IDisposable
{
    /// <summary>Why not all folders are watched, or NULL.</summary>
    string? Limit { get; }

    /// <summary>Watches a folder, which need not be there yet. The same folder has the same notice.</summary>
    FolderNotice Watch(string folder);

    /// <summary>Watches a folder no more: it is gone, or nobody asks for it.</summary>
    void Unwatch(string folder);

    /// <summary>Takes over what was told until now. Called before each pass.</summary>
    /// <returns>True if something is sure to have been told.</returns>
    bool Collect();

    /// <summary>Waits until something is told, but not longer than a time.</summary>
    /// <returns>True if something was told.</returns>
    Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop);
}

/// <summary>Tells nothing: everything is looked at in every pass.</summary>
sealed class NoNotices : IFolderNotices
{
    public static readonly NoNotices Instance = new();

    public string? Limit => null;

    public FolderNotice Watch(string folder) => new(folder);

    public void Unwatch(string folder)
    {
    }

    public bool Collect() => false;

    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop)
    {
        await Task.Delay(longest, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        return false;
    }

    public void Dispose()
    {
    }
}
