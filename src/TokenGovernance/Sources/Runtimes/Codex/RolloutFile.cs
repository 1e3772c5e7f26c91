using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>One rollout: `rollout-&lt;local time&gt;-&lt;thread id&gt;.jsonl`, or that compressed.</summary>
sealed class RolloutFile(string path) : WatchedFile<RolloutCheckpoint>(path)
{
    const string Prefix = "rollout-", Plain = ".jsonl", Zst = ".zst", Compressed = Plain + Zst;
    const int ThreadIdLength = 36;

    public bool IsCompressed => Path.EndsWith(Compressed, StringComparison.Ordinal);

    /// <summary>When it was written last, as far as anybody looked; ms since 1970.</summary>
    public long WrittenMs => Stat.ModifiedNs / 1_000_000;

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    /// <summary>What a file that is read from the start begins with: its name tells the thread.</summary>
    public RolloutState NewState() => new() { ThreadId = ThreadIdOf(System.IO.Path.GetFileName(Path)) };

    public static string KeyOf(string path) => "codex:" + path;

    /// <summary>Returns those of the names in a folder that are rollouts; where a plain one stands, its compressed twin is none.</summary>
    public static IEnumerable<string> Select(IReadOnlyList<string> names)
    {
        var all = names.ToHashSet(StringComparer.Ordinal);
        foreach (var name in names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (name.EndsWith(Plain, StringComparison.Ordinal)
                || (name.EndsWith(Compressed, StringComparison.Ordinal) && !all.Contains(name[..^Zst.Length])))
            {
                yield return name;
            }
        }
    }

    /// <summary>The name that a rollout has, or would have, where it is not compressed; NULL of what is no rollout.</summary>
    public static string? PlainNameOf(string name) =>
        !name.StartsWith(Prefix, StringComparison.Ordinal) ? null
        : name.EndsWith(Plain, StringComparison.Ordinal) ? name
        : name.EndsWith(Compressed, StringComparison.Ordinal) ? name[..^Zst.Length] : null;

    /// <summary>The name of its compressed twin.</summary>
    public static string CompressedNameOf(string plainName) => plainName + Zst;

    static string? ThreadIdOf(string name)
    {
        var stem = name[..name.IndexOf('.', StringComparison.Ordinal)];

        return stem.Length > Prefix.Length + ThreadIdLength ? stem[^ThreadIdLength..] : null;
    }
}
