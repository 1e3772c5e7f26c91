using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>The names in `~/.claude/projects`: a folder for each folder that Claude Code was started in, the user's own among them.</summary>
/// <remarks>There may be very many: those of workspaces are always known, of the others so many that a session can be looked for in.</remarks>
sealed class ClaudeProjects
{
    const int MaxOthers = 10_000;

    readonly string _path;
    readonly LookRules _rules;
    readonly TimeProvider _time;
    readonly WatchedFolder _names;
    readonly HashSet<string> _workspaces = new(StringComparer.Ordinal);
    FolderLooks? _looks;
    int _others;

    public ClaudeProjects(string path, LookRules rules, TimeProvider time)
    {
        _path = path;
        _rules = rules;
        _time = time;
        _names = new WatchedFolder(path, Keep);
    }

    /// <summary>The name of the folder for a folder that Claude Code was started in.</summary>
    public static string NameOf(string folder) => string.Concat(folder.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>Lists them again if they changed.</summary>
    /// <param name="workspaces">Folders whose projects are known in any case.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="report">Is told if they may not be listed.</param>
    /// <returns>True if there may be new ones.</returns>
    public bool Refresh(IEnumerable<string> workspaces, long nowMs, PassReport report)
    {
        foreach (var folder in workspaces)
        {
            if (_workspaces.Add(folder))
            {
                _names.LookAgain();
                _looks?.LookAgain();
            }
        }

        if (_looks is null && FileStat.Of(_path).Kind is FileKind.Missing)
        {
            return false;
        }

        _looks ??= new FolderLooks(_path, _rules, _time);
        var anyNew = false;
        if (_looks.Begin() is not { Count: 0 })
        {
            _others = 0;
            _names.Refresh(nowMs, report, _ => anyNew = true);
        }

        _looks.End();

        return anyNew;
    }

    /// <summary>Returns the projects of a workspace and of folders below it.</summary>
    public IEnumerable<string> FindOf(string workspace)
    {
        var project = NameOf(workspace);

        return _names.Names.Where(name => IsOf(name, project)).Select(name => Path.Combine(_path, name));
    }

    /// <summary>Returns the project that holds a session; NULL if none is found, and then a path where one may be that may not be looked at.</summary>
    public (string? Folder, string? Obstacle) Find(string threadId)
    {
        string? obstacle = null;
        foreach (var folder in _names.Names.Select(name => Path.Combine(_path, name)))
        {
            var path = Path.Combine(folder, threadId + ClaudeFile.Extension);
            switch (FileStat.Of(path).Kind)
            {
                case FileKind.File:
                    return (folder, null);
                case FileKind.Unreachable:
                    obstacle ??= path;
                    break;
            }
        }

        return (null, obstacle);
    }

    static bool IsOf(string name, string project) => name == project || name.StartsWith(project + '-', StringComparison.Ordinal);

    bool Keep(string name) => _others++ < MaxOthers || _workspaces.Any(folder => IsOf(name, NameOf(folder)));
}
