using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>One folder of rollouts, and what is known of it.</summary>
/// <param name="path">The folder.</param>
/// <param name="levels">Levels of folders below it that are looked into.</param>
/// <param name="looks">What of it has to be looked at.</param>
sealed class RolloutFolder(string path, int levels, FolderLooks looks)
{
    public string Path => Names.Path;

    public int Levels => levels;

    public WatchedFolder Names { get; } = new(path);

    public FolderLooks Looks => looks;

    public SortedDictionary<string, RolloutFolder> Children { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, RolloutFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Rollouts to look at: those that are not sure to be what they were at the last look.</summary>
    public HashSet<RolloutFile> Due { get; } = [];

    /// <summary>When a rollout in it was written last, in ms since 1970; 0 if that is not known.</summary>
    public long WrittenMs { get; private set; }

    /// <summary>True of the name of a folder that rollouts can be below.</summary>
    public bool MayHold(string name) => levels > 0 && name.Length is 2 or 4 && name.All(char.IsAsciiDigit);

    /// <summary>Looks at the rollouts that are due.</summary>
    public void FindChanged(PassReport report, List<RolloutFile> changed)
    {
        foreach (var file in Due.OrderBy(file => file.Path, StringComparer.Ordinal).ToList())
        {
            if (file.HasChanged(report))
            {
                changed.Add(file);
            }
            else if (!looks.AreTold || file.IsSureToBeUnchanged)
            {
                Due.Remove(file);
            }

            WrittenMs = Math.Max(WrittenMs, file.WrittenMs);
        }
    }
}
