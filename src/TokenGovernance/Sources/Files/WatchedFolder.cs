namespace TokenGovernance.Sources.Files;

/// <summary>The names in a folder, listed again only when the folder changed.</summary>
sealed class WatchedFolder(string path)
{
    FileStat _stat;
    bool _isSettled;
    string[] _names = [];

    public string Path { get; } = path;

    /// <summary>False while the folder is missing or may not be read: its names are then unknown, not gone.</summary>
    public bool IsReadable { get; private set; }

    public IReadOnlyList<string> Names => _names;

    /// <summary>Looks at the folder; true if it was listed again.</summary>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="report">Is told of a folder that may not be listed.</param>
    public bool Refresh(long nowMs, PassReport report)
    {
        var stat = FileStat.Of(Path);
        if (stat == _stat && _isSettled)
        {
            return false;
        }

        IsReadable = false;
        if (stat.Kind is not FileKind.Folder)
        {
            _stat = default;
            _isSettled = false;

            return false;
        }

        try
        {
            _names = [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry))];
            Array.Sort(_names, StringComparer.Ordinal);
            IsReadable = true;
            _stat = stat;
            _isSettled = stat.IsSettled(nowMs);

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _stat = default;
            _isSettled = false;
            report.Fail(Path, e);

            return false;
        }
    }
}
