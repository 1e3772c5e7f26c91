namespace TokenGovernance.Sources.Files;

/// <summary>Notices by Linux's inotify: one descriptor, one watch a folder, one thread that sleeps until there is something.</summary>
sealed class InotifyNotices : IFolderNotices
{
    const int NoSpace = 28;

    readonly int _descriptor;
    readonly byte[] _buffer = new byte[16 * 1024];
    readonly Dictionary<string, Watched> _folders = new(StringComparer.Ordinal);
    readonly Dictionary<int, Watched> _byWatch = [];
    readonly Signal _told = new(), _isCollected = new();
    readonly Thread _thread;
    volatile bool _isOver;

    InotifyNotices(int descriptor)
    {
        _descriptor = descriptor;
        _thread = new Thread(WaitForever, maxStackSize: 256 * 1024) { IsBackground = true, Name = "folder notices" };
        _thread.Start();
    }

    public string? Limit { get; private set; }

    /// <summary>Returns NULL if the system has none left (`fs.inotify.max_user_instances`).</summary>
    public static InotifyNotices? TryOpen()
    {
        try
        {
            return Inotify.Open() is >= 0 and var descriptor ? new InotifyNotices(descriptor) : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    public FolderNotice Watch(string folder)
    {
        if (!_folders.TryGetValue(folder, out var watched))
        {
            _folders.Add(folder, watched = new Watched(folder, Begin));
            Begin(watched);
        }

        return watched.Notice;
    }

    public void Unwatch(string folder)
    {
        if (_folders.Remove(folder, out var watched) && watched.Number >= 0)
        {
            var number = watched.Number;
            End(watched);

            // Other paths to the same folder begin anew.
            Inotify.Remove(_descriptor, number);
        }
    }

    public bool Collect()
    {
        // What is told from here on wakes again.
        _told.Clear();
        var isTold = Inotify.Read(_descriptor, _buffer, Take);
        foreach (var folder in _folders.Values)
        {
            // One that was not there, or went, may be there now.
            if (folder.Number < 0)
            {
                Begin(folder);
            }
        }

        _isCollected.Set();

        return isTold;
    }

    public Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop) => _told.WaitAsync(longest, stop);

    public void Dispose()
    {
        _isOver = true;
        Collect();

        // Adding a watch and removing it is told too: that wakes the thread.
        Inotify.Remove(_descriptor, Inotify.Add(_descriptor, "/"));
        _thread.Join();
        Inotify.Close(_descriptor);
        _told.Dispose();
        _isCollected.Dispose();
    }

    void Begin(Watched folder)
    {
        var number = Inotify.Add(_descriptor, folder.Notice.Path);
        if (number == -NoSpace)
        {
            Limit = "the system watches no more folders for this user (fs.inotify.max_user_watches)";
        }

        if (number == folder.Number)
        {
            return;
        }

        End(folder);
        if (number >= 0)
        {
            // A folder that two paths lead to has one watch.
            folder.Number = number;
            folder.Next = _byWatch.GetValueOrDefault(number);
            _byWatch[number] = folder;
            folder.Notice.TellsAll = FileSystemType.TellsAll(folder.Notice.Path);
            folder.Notice.Lose();
        }
    }

    void End(Watched folder)
    {
        folder.Notice.TellsAll = false;
        folder.Notice.Lose();
        if (folder.Number >= 0 && _byWatch.Remove(folder.Number, out var first))
        {
            for (var other = first; other is not null; other = other.Next)
            {
                other.Notice.TellsAll = false;
                other.Notice.Lose();
                other.Number = -1;
            }
        }

        folder.Number = -1;
        folder.Next = null;
    }

    void Take(Inotify.Event told)
    {
        if (told.IsOverflow)
        {
            foreach (var folder in _folders.Values)
            {
                folder.Notice.Lose();
            }
        }

        if (!_byWatch.TryGetValue(told.Watch, out var first))
        {
            return;
        }

        if (told.IsEnd || told.IsIgnored)
        {
            End(first);
        }

        for (var folder = first; folder is not null; folder = folder.Next)
        {
            if (told.Name.Length > 0)
            {
                folder.Notice.Touch(told.Name);
            }
            else
            {
                folder.Notice.Lose();
            }
        }
    }

    void WaitForever()
    {
        while (!_isOver)
        {
            Inotify.Wait(_descriptor);
            if (_isOver)
            {
                return;
            }

            _told.Set();

            // What is not read yet would be told again at once.
            _isCollected.Wait();
        }
    }

    /// <summary>A folder and the number of its watch, -1 without one.</summary>
    sealed class Watched
    {
        public Watched(string path, Action<Watched> begin) => Notice = new FolderNotice(path) { Renew = () => begin(this) };

        public FolderNotice Notice { get; }

        public int Number { get; set; } = -1;

        /// <summary>Another path to the same folder.</summary>
        public Watched? Next { get; set; }
    }
}
