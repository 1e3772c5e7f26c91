using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>One session of Claude Code: its own file, and those of its subagents in `&lt;session&gt;/subagents`.</summary>
/// <remarks>
///     The folder of subagents is watched as long as the session is in use; of one that has been quiet for days only looks at everything
///     find a new subagent.
/// </remarks>
/// <param name="main">The session's own file.</param>
/// <param name="links">Which paths may be followed.</param>
/// <param name="open">Takes up the file of a subagent.</param>
/// <param name="watch">Watches a folder.</param>
sealed class ClaudeSession(ClaudeFile main, ClaudeLinks links, Func<string, ClaudeFile> open, Func<string, FolderLooks> watch)
{
    const long QuietAfterMs = 2 * 24 * 60 * 60 * 1000L;

    readonly WatchedFolder _subagents = new(Path.Combine(main.Path[..^ClaudeFile.Extension.Length], "subagents"));
    readonly SortedDictionary<string, ClaudeFile> _files = new(StringComparer.Ordinal);
    (string Path, FolderLooks Looks)? _watched;

    public ClaudeFile Main => main;

    /// <summary>The workspace's folder that its file is in; NULL if it is in none.</summary>
    public ClaudeWorkspace? Workspace { get; set; }

    /// <summary>Changes of the session's own file will be told.</summary>
    public bool IsTold => Workspace?.Looks.AreTold == true;

    public IEnumerable<ClaudeFile> Files => [main, .. _files.Values];

    /// <summary>The last look found that its file is gone.</summary>
    public bool IsGone => main.Stat.Kind is FileKind.Missing;

    /// <summary>Something in the folder of its subagents was touched, or may have been. Asked once a pass.</summary>
    public bool IsTouched()
    {
        if (_watched is not { Looks: { } looks })
        {
            return false;
        }

        var touched = looks.Begin();
        looks.End();

        return touched is not { Count: 0 };
    }

    /// <summary>Looks at its files.</summary>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="report">Is told of what cannot be read.</param>
    /// <param name="changed">Receives the files that may have something new.</param>
    /// <returns>True if it is sure that nothing changed, and later changes will be told, given that those of the session's own file are.</returns>
    public bool Look(long nowMs, PassReport report, List<ClaudeFile> changed)
    {
        var isSure = LookAt(main, report, changed);
        if (!LeadsOut())
        {
            _subagents.Refresh(nowMs, report, AddSubagents);
        }

        foreach (var (path, file) in _files.ToList())
        {
            isSure &= LookAt(file, report, changed);
        }

        return Watch(nowMs) && isSure;
    }

    /// <summary>Nobody looks at it any more.</summary>
    public void Close()
    {
        _watched?.Looks.Close();
        _watched = null;
    }

    static bool LookAt(ClaudeFile file, PassReport report, List<ClaudeFile> changed)
    {
        if (file.HasChanged(report))
        {
            changed.Add(file);

            return false;
        }

        return file.IsSureToBeUnchanged;
    }

    /// <summary>The folder of its subagents is there, but a link to something outside.</summary>
    bool LeadsOut() =>
        FileStat.Of(_subagents.Path).Kind is FileKind.Folder
        && !(links.StaysInside(Path.GetDirectoryName(_subagents.Path)!) && links.StaysInside(_subagents.Path));

    void AddSubagents(IReadOnlyList<string> names)
    {
        foreach (var path in names.Where(ClaudeFile.IsName).Select(name => Path.Combine(_subagents.Path, name)))
        {
            if (!_files.ContainsKey(path) && links.StaysInside(path))
            {
                _files.Add(path, open(path));
            }
        }
    }

    /// <returns>False if changes of subagents may go unnoticed before the next look.</returns>
    bool Watch(long nowMs)
    {
        var isInUse = Files.Any(file => nowMs - file.WrittenMs < QuietAfterMs);
        var folder = !isInUse || LeadsOut() ? null
            : FileStat.Of(_subagents.Path).Kind is FileKind.Folder ? _subagents.Path
            : FileStat.Of(Path.GetDirectoryName(_subagents.Path)!).Kind is FileKind.Folder ? Path.GetDirectoryName(_subagents.Path)
            : null;
        if (folder == _watched?.Path)
        {
            return _watched is not { Looks.AreTold: false };
        }

        Close();
        if (folder is null)
        {
            return true;
        }

        // What came before it was watched is found by one more look.
        _watched = (folder, watch(folder));

        return false;
    }
}
