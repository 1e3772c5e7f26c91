namespace TokenGovernance.Sources.Files;

/// <summary>The best notices that this system has.</summary>
static class FolderNotices
{
    /// <summary>Returns them; where there are none, those that tell nothing.</summary>
    public static IFolderNotices Open() => OperatingSystem.IsLinux()
        ? InotifyNotices.TryOpen() ?? (IFolderNotices)NoNotices.Instance
        : new WatcherNotices();
}
