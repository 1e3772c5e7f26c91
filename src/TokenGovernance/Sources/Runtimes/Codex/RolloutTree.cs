using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>The rollouts below one folder, in folders of years, months and days, or flat.</summary>
/// <remarks>
///     Where the system tells of changes, a pass looks at what was touched, and at everything from time to time. Where it does not, of
///     folders and rollouts that have been quiet for long each pass looks at a part only: a thread that is taken up again after weeks is
///     noticed some passes later.
/// </remarks>
/// <param name="root">`sessions` or `archived_sessions`.</param>
/// <param name="depth">Levels of folders below it that are looked into.</param>
/// <param name="checkpoints">Those of earlier runs.</param>
/// <param name="rules">How closely each pass looks.</param>
/// <param name="time">The clock.</param>
sealed class RolloutTree(string root, int depth, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time)
{
    readonly List<Checkpoint> _forgotten = [];
    readonly FileRota _rota = new();
    RolloutFolder? _root;

    /// <summary>Looks for rollouts that may have something new.</summary>
    public List<RolloutFile> FindChanged(PassReport report)
    {
        var changed = new List<RolloutFile>();
        if (_root is null)
        {
            switch (FileStat.Of(root).Kind)
            {
                case FileKind.Missing:
                    return changed;
                case FileKind.Unreachable:
                    Unreachable.Report(root, report);

                    return changed;
                default:
                    _root = NewFolder(root, depth);
                    break;
            }
        }

        _rota.Begin();
        Visit(_root, time.GetUtcNow().ToUnixTimeMilliseconds(), report, changed);

        return changed;
    }

    /// <summary>Returns, once, the checkpoints of files that are gone.</summary>
    public List<Checkpoint> TakeForgotten()
    {
        List<Checkpoint> forgotten = [.. _forgotten];
        _forgotten.Clear();

        return forgotten;
    }

    RolloutFolder NewFolder(string path, int levels) => new(path, levels, new FolderLooks(path, rules, time));

    void Visit(RolloutFolder folder, long nowMs, PassReport report, List<RolloutFile> changed)
    {
        if (folder.Looks.Begin() is { } touched)
        {
            foreach (var name in touched)
            {
                Touch(folder, name);
            }
        }
        else
        {
            LookFully(folder, nowMs, report);
        }

        foreach (var child in folder.Children.Values)
        {
            Visit(child, nowMs, report, changed);
        }

        if (folder.Due.Count > 0)
        {
            folder.FindChanged(report, changed);
        }

        folder.Looks.End();
    }

    void LookFully(RolloutFolder folder, long nowMs, PassReport report)
    {
        // A new day appears in a month, a new month in a year: those are always looked at.
        var areTold = folder.Looks.AreTold;
        if (areTold || folder.Levels > 0 || _rota.IsDue(folder.WrittenMs, nowMs))
        {
            folder.Names.Refresh(nowMs, report, names => Update(folder, names));
        }

        folder.Due.UnionWith(areTold ? folder.Files.Values : folder.Files.Values.Where(file => _rota.IsDue(file.WrittenMs, nowMs)));
    }

    /// <summary>Takes over all names in a folder; what is not there any more is forgotten.</summary>
    void Update(RolloutFolder folder, IReadOnlyList<string> names)
    {
        var rollouts = RolloutFile.Select(names).ToHashSet(StringComparer.Ordinal);
        foreach (var name in rollouts)
        {
            Add(folder, name);
        }

        foreach (var name in folder.Files.Keys.Where(name => !rollouts.Contains(name)).ToList())
        {
            Remove(folder, name);
        }

        var folders = names.Where(name => folder.MayHold(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in folders)
        {
            AddChild(folder, name);
        }

        foreach (var name in folder.Children.Keys.Where(name => !folders.Contains(name)).ToList())
        {
            RemoveChild(folder, name);
        }

        // Checkpoints of an earlier run whose files went while nobody looked.
        var prefix = RolloutFile.KeyOf(folder.Path + Path.DirectorySeparatorChar);
        foreach (var (key, _) in checkpoints.TakeAll(prefix, key => IsGone(key[prefix.Length..], rollouts, folders)))
        {
            _forgotten.Add(new Checkpoint(key, null));
        }
    }

    static bool IsGone(string rest, HashSet<string> rollouts, HashSet<string> folders) =>
        rest.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal) is >= 0 and var end
            ? !folders.Contains(rest[..end])
            : !rollouts.Contains(rest);

    /// <summary>Takes over that a name in a folder was touched: it is new, written or gone.</summary>
    void Touch(RolloutFolder folder, string name)
    {
        if (RolloutFile.PlainNameOf(name) is { } plain)
        {
            // Each of the two may have come or gone: that decides which of them is read.
            string[] both = [plain, RolloutFile.CompressedNameOf(plain)];
            var read = RolloutFile.Select([.. both.Where(one => IsThere(Path.Combine(folder.Path, one)))]).ToHashSet(StringComparer.Ordinal);
            foreach (var one in both)
            {
                if (read.Contains(one))
                {
                    folder.Due.Add(Add(folder, one));
                }
                else
                {
                    Remove(folder, one);
                }
            }
        }
        else if (folder.MayHold(name))
        {
            if (IsThere(Path.Combine(folder.Path, name)))
            {
                AddChild(folder, name);
            }
            else
            {
                RemoveChild(folder, name);
            }
        }
    }

    /// <summary>True of a link that leads nowhere, too: that is told of.</summary>
    static bool IsThere(string path) => FileStat.Of(path).Kind is not FileKind.Missing || new FileInfo(path).LinkTarget is not null;

    RolloutFile Add(RolloutFolder folder, string name)
    {
        if (!folder.Files.TryGetValue(name, out var file))
        {
            file = new RolloutFile(Path.Combine(folder.Path, name));
            file.Checkpoint = RolloutCheckpoint.Parse(checkpoints.Take(file.CheckpointKey));
            folder.Files.Add(name, file);
        }

        return file;
    }

    void Remove(RolloutFolder folder, string name)
    {
        if (folder.Files.Remove(name, out var file))
        {
            folder.Due.Remove(file);
            _forgotten.Add(new Checkpoint(file.CheckpointKey, null));
        }
    }

    void AddChild(RolloutFolder folder, string name)
    {
        if (!folder.Children.ContainsKey(name))
        {
            folder.Children.Add(name, NewFolder(Path.Combine(folder.Path, name), folder.Levels - 1));
        }
    }

    void RemoveChild(RolloutFolder folder, string name)
    {
        if (folder.Children.Remove(name, out var child))
        {
            Forget(child);
        }
    }

    void Forget(RolloutFolder folder)
    {
        folder.Looks.Close();
        _forgotten.AddRange(folder.Files.Values.Select(file => new Checkpoint(file.CheckpointKey, null)));
        foreach (var child in folder.Children.Values)
        {
            Forget(child);
        }
    }
}
