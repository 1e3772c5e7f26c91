namespace TokenGovernance.Sources.Files;

/// <summary>Decides in each pass what of a folder with many files has to be looked at: what was touched, or everything.</summary>
sealed class FolderLooks(string path, LookRules rules, TimeProvider time)
{
    readonly FolderNotice _notice = rules.Notices.Watch(path);
    (long At, TimeSpan Took) _full;
    long _started;
    bool _isFull, _isWhole;

    /// <summary>The system tells of every change in the folder: what was looked at need not be looked at again.</summary>
    public bool AreTold => _notice.TellsAll;

    /// <summary>Begins a look.</summary>
    /// <returns>The names to look at, or NULL if everything has to be looked at, the folder too.</returns>
    public IReadOnlyCollection<string>? Begin()
    {
        var names = _isWhole && !rules.IsFullLookDue(time.GetElapsedTime(_full.At), _full.Took) ? _notice.Take() : null;
        _isFull = names is null;
        _isWhole = false;
        if (_isFull)
        {
            // First, so that nothing is missed between the look and the notices that follow it.
            _notice.Renew?.Invoke();
            _notice.Take();
            _started = time.GetTimestamp();
        }

        return names;
    }

    /// <summary>Ends a look; after one that does not come to its end the next looks at everything.</summary>
    public void End()
    {
        _isWhole = true;
        if (_isFull)
        {
            _full = (time.GetTimestamp(), time.GetElapsedTime(_started));
        }
    }

    /// <summary>Nobody looks there any more.</summary>
    public void Close() => rules.Notices.Unwatch(path);

    /// <summary>The next look is at everything.</summary>
    public void LookAgain() => _notice.Lose();
}
