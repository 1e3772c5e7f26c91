using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>The rollouts below one folder, in folders of years, months and days, or flat.</summary>
/// <remarks>
///     A folder is listed again only when it changed. Of folders and rollouts that have been quiet for long, each pass looks at a
///     part only: a thread that is taken up again after weeks is noticed some passes later.
/// </remarks>
/// <param name="root">`sessions` or `archived_sessions`.</param>
/// <param name="depth">Levels of folders below it that are looked into.</param>
/// <param name="checkpoints">Those of earlier runs.</param>
sealed class RolloutTree(string root, int depth, StoredCheckpoints checkpoints)
{
    readonly Node _root = new(root, depth);
    readonly List<Checkpoint> _forgotten = [];
    readonly FileRota _rota = new();

    /// <summary>Looks for rollouts that may have something new.</summary>
    public List<RolloutFile> FindChanged(long nowMs, PassReport report)
    {
        var changed = new List<RolloutFile>();
        _rota.Begin();
        Visit(_root, nowMs, report, changed);

        return changed;
    }

    /// <summary>Returns, once, the checkpoints of files that are gone.</summary>
    public List<Checkpoint> TakeForgotten()
    {
        List<Checkpoint> forgotten = [.. _forgotten];
        _forgotten.Clear();

        return forgotten;
    }

    void Visit(Node node, long nowMs, PassReport report, List<RolloutFile> changed)
    {
        // A new day appears in a month, a new month in a year: those are always looked at.
        if (node.Depth > 0 || _rota.IsDue(node.WrittenMs, nowMs))
        {
            node.Folder.Refresh(nowMs, report, names => Update(node, names));
        }

        foreach (var child in node.Children.Values)
        {
            Visit(child, nowMs, report, changed);
        }

        foreach (var file in node.Files.Values)
        {
            if (!_rota.IsDue(file.WrittenMs, nowMs))
            {
                continue;
            }

            if (file.HasChanged(report))
            {
                changed.Add(file);
            }

            node.WrittenMs = Math.Max(node.WrittenMs, file.WrittenMs);
        }
    }

    void Update(Node node, IReadOnlyList<string> names)
    {
        var rollouts = RolloutFile.Select(names).ToHashSet(StringComparer.Ordinal);
        foreach (var name in rollouts.Where(name => !node.Files.ContainsKey(name)))
        {
            var file = new RolloutFile(Path.Combine(node.Folder.Path, name));
            file.Checkpoint = RolloutCheckpoint.Parse(checkpoints.Take(file.CheckpointKey));
            node.Files.Add(name, file);
        }

        foreach (var (name, file) in node.Files.Where(pair => !rollouts.Contains(pair.Key)).ToList())
        {
            node.Files.Remove(name);
            _forgotten.Add(new Checkpoint(file.CheckpointKey, null));
        }

        var folders = node.Depth == 0 ? [] : names.Where(name => name.Length is 2 or 4 && name.All(char.IsAsciiDigit)).ToHashSet(StringComparer.Ordinal);
        foreach (var name in folders.Where(name => !node.Children.ContainsKey(name)))
        {
            node.Children.Add(name, new Node(Path.Combine(node.Folder.Path, name), node.Depth - 1));
        }

        foreach (var (name, child) in node.Children.Where(pair => !folders.Contains(pair.Key)).ToList())
        {
            node.Children.Remove(name);
            Forget(child);
        }

        // Checkpoints of an earlier run whose files went while nobody looked.
        var prefix = RolloutFile.KeyOf(node.Folder.Path + Path.DirectorySeparatorChar);
        foreach (var (key, _) in checkpoints.TakeAll(prefix, key => IsGone(key[prefix.Length..], rollouts, folders)))
        {
            _forgotten.Add(new Checkpoint(key, null));
        }
    }

    static bool IsGone(string rest, HashSet<string> rollouts, HashSet<string> folders) =>
        rest.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal) is >= 0 and var end
            ? !folders.Contains(rest[..end])
            : !rollouts.Contains(rest);

    void Forget(Node node)
    {
        _forgotten.AddRange(node.Files.Values.Select(file => new Checkpoint(file.CheckpointKey, null)));
        foreach (var child in node.Children.Values)
        {
            Forget(child);
        }
    }

    sealed class Node(string path, int depth)
    {
        public WatchedFolder Folder { get; } = new(path);

        public int Depth { get; } = depth;

        public SortedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, RolloutFile> Files { get; } = new(StringComparer.Ordinal);

        /// <summary>When a rollout in it was written last; 0 if that is not known.</summary>
        public long WrittenMs { get; set; }
    }
}
