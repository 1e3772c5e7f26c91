using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One `sessions.json` on disk, parsed again only when it changed.</summary>
/// <param name="path">The file.</param>
/// <param name="folder">Whose it is.</param>
/// <param name="isFallback">It is an old index, left by the migration.</param>
/// <param name="checkpoint">What is known of it from an earlier run: its facts are in the store.</param>
sealed class IndexFile(string path, SessionFolder folder, bool isFallback, FileCheckpoint? checkpoint)
{
    /// <summary>An index of at most this size is read whenever it changed.</summary>
    const long SmallSize = 256 * 1024;

    /// <summary>Reading a larger one may take this part of the time, and is not done more often than this.</summary>
    const int PartOfTime = 100;

    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _unlisted = new(StringComparer.Ordinal);
    FileCheckpoint? _checkpoint = checkpoint;
    SessionIndex? _index, _lastWhole;
    FileStat _damaged;
    bool _hasFailed;
    (long At, TimeSpan Took) _read;

    public static string KeyOf(string path) => "index:" + path;

    /// <summary>Reads the index if it changed; one that is large and changes at every message only now and then, or when a session is missing.</summary>
    /// <remarks>Responses do not wait for it: what it says later improves them.</remarks>
    /// <param name="isWanted">A transcript changed that the index did not name when it was read.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">Is told of an index that cannot be read.</param>
    /// <returns>The facts that are new, with the checkpoint, or NULL if there are none.</returns>
    public Batch? Refresh(bool isWanted, TimeProvider time, PassReport report)
    {
        var stat = FileStat.Of(path);
        _hasFailed = false;
        if (stat.Kind is FileKind.Missing || _checkpoint?.ProvesUnchanged(stat) == true)
        {
            return null;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_index?.Damage is { } damage && stat == _damaged && stat.IsSettled(now))
        {
            report.Fail(path, damage);

            return null;
        }

        var isDue = IsDue(stat, time);
        if (!isWanted && !isDue)
        {
            if (_index?.Damage is { } known)
            {
                report.Fail(path, known);
            }

            return null;
        }

        var before = _index;
        var start = time.GetTimestamp();
        if (!TryLoad(report))
        {
            return null;
        }

        _read = (time.GetTimestamp(), time.GetElapsedTime(start));
        if (isDue)
        {
            _unlisted.Clear();
        }

        // The next process has to tell of a damaged index too.
        _damaged = stat;
        var next = (_checkpoint ?? new FileCheckpoint()).With(stat, now, isAtEnd: _index!.Damage is null);
        var changed = _index.Sessions.Values
            .Where(info => before?.IsSame(info) != true)
            .ToList();
        var batch = changed.Count == 0 && next == _checkpoint
            ? null
            : new Batch { Sessions = changed, Checkpoints = [new Checkpoint(KeyOf(path), next.ToJson())], BytesRead = stat.Size };
        _checkpoint = next;

        return batch;
    }

    /// <summary>The session of a transcript by its live name, or NULL.</summary>
    public SessionIdentity? FindSession(string liveName, PassReport report)
    {
        // Unchanged since an earlier run: nobody needed its content until now.
        if (_index is null && !_hasFailed && FileStat.Of(path).Kind is not FileKind.Missing)
        {
            TryLoad(report);
        }

        return _index?.FindSession(liveName) ?? _lastWhole?.FindSession(liveName);
    }

    /// <summary>True, once between two readings that were due, of a transcript that the index did not name.</summary>
    public bool IsMissing(string liveName) => _index?.FindSession(liveName) is null && _unlisted.Add(liveName);

    bool IsDue(FileStat stat, TimeProvider time)
    {
        var age = time.GetElapsedTime(_read.At);

        return _index is null || stat.Size <= SmallSize || (age >= ShortestPause && age >= _read.Took * PartOfTime);
    }

    bool TryLoad(PassReport report)
    {
        _hasFailed = true;
        if (FileStat.Of(path).Kind is FileKind.Unreachable)
        {
            Unreachable.Report(path, report);

            return false;
        }

        try
        {
            using var file = SharedFile.Open(path);
            _index = SessionIndex.Read(file, folder, isFallback, _index);
            _hasFailed = false;
            if (_index.Damage is { } damage)
            {
                report.Fail(path, damage);
            }
            else
            {
                _lastWhole = _index;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(path, e);

            return false;
        }
    }
}
