namespace TokenGovernance.Sources.Files;

/// <summary>The names in a folder, listed again only when the folder changed.</summary>
/// <param name="path">The folder.</param>
/// <param name="keep">Decides, while the folder is listed, which names are worth the memory; NULL keeps all.</param>
sealed class WatchedFolder(string path, Func<string, bool>? keep = null)
{
    FileStat _stat;
    long _seenMs;
    bool _isSettled;

    public string Path { get; } = path;

    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Lists the folder if it changed. A folder that is missing or may not be listed keeps its names: they are unknown, not gone.</summary>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="report">Is told of a folder that may not be listed.</param>
    /// <param name="take">Is handed the names, in order. Where it throws, the next look hands them over again.</param>
    public void Refresh(long nowMs, PassReport report, Action<IReadOnlyList<string>>? take = null)
    {
        var stat = FileStat.Of(Path);
        if (stat == _stat && _isSettled)
        {
            return;
        }

        _isSettled = false;
        if (stat.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(Path, report);
        }
        else if (stat.Kind is FileKind.Folder && TryList(report))
        {
            take?.Invoke(Names);
            _seenMs = stat == _stat ? _seenMs : nowMs;
            (_stat, _isSettled) = (stat, stat.IsSettled(nowMs, _seenMs));
        }
    }

    /// <summary>The next look lists the folder and hands over its names whatever its stat says.</summary>
    public void LookAgain() => _isSettled = false;

    bool TryList(PassReport report)
    {
        try
        {
            var all = Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry));
            string[] names = [.. keep is null ? all : all.Where(keep)];
            Array.Sort(names, StringComparer.Ordinal);
            Names = names;

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(Path, e);

            return false;
        }
    }
}
