using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests;

/// <summary>The system's notices, some of them dropped, some doubled, some late.</summary>
sealed class FaultyNotices(IFolderNotices notices, int seed) : IFolderNotices
{
    readonly Random _random = new(seed);
    readonly Dictionary<string, (FolderNotice Real, FolderNotice Faulty, List<string> Late)> _folders = new(StringComparer.Ordinal);

    public string? Limit => notices.Limit;

    public FolderNotice Watch(string folder)
    {
        if (!_folders.TryGetValue(folder, out var watched))
        {
            var real = notices.Watch(folder);
            _folders.Add(folder, watched = (real, new FolderNotice(folder) { Renew = real.Renew, TellsAll = real.TellsAll }, []));
        }

        return watched.Faulty;
    }

    public void Unwatch(string folder)
    {
        _folders.Remove(folder);
        notices.Unwatch(folder);
    }

    public bool Collect()
    {
        var isTold = notices.Collect();
        foreach (var (real, faulty, late) in _folders.Values)
        {
            faulty.TellsAll = real.TellsAll;
            late.ForEach(faulty.Touch);
            late.Clear();
            foreach (var name in real.Take() ?? [])
            {
                var (isDropped, isLate, isDoubled) = (_random.Next(4) == 0, _random.Next(4) == 0, _random.Next(4) == 0);
                if (!isDropped && (isLate || isDoubled))
                {
                    late.Add(name);
                }

                if (!isDropped && !isLate)
                {
                    faulty.Touch(name);
                }
            }
        }

        return isTold;
    }

    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop) => notices.WaitAsync(longest, stop);

    public void Dispose() => notices.Dispose();
}
