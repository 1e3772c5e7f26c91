namespace TokenGovernance.Sources.Files;

/// <summary>Which names in one folder were touched since somebody asked last.</summary>
sealed class FolderNotice(string path)
{
    /// <summary>More names than this are no help any more.</summary>
    const int MaxNames = 4096;

    readonly HashSet<string> _names = new(StringComparer.Ordinal);
    bool _isLost = true;

    public string Path { get; } = path;

    /// <summary>The system tells of every change. Else notices only bring a look forward, and everything is looked at.</summary>
    public bool TellsAll { get; set; }

    /// <summary>Watches anew what the path leads to now: it may be another folder than before. Called before everything is looked at.</summary>
    public Action? Renew { get; init; }

    /// <summary>A name was made, written, renamed or removed.</summary>
    public void Touch(string name)
    {
        if (_names.Count >= MaxNames || name.Contains('\uFFFD', StringComparison.Ordinal))
        {
            _isLost = true;
        }
        else
        {
            _names.Add(name);
        }
    }

    /// <summary>Something happened that nobody can tell the name of.</summary>
    public void Lose() => _isLost = true;

    /// <summary>Returns the names that were touched, once; NULL if it could be any.</summary>
    public IReadOnlyCollection<string>? Take()
    {
        IReadOnlyCollection<string>? names = _isLost || !TellsAll ? null : _names.Count == 0 ? [] : [.. _names];
        _names.Clear();
        _isLost = false;

        return names;
    }
}
