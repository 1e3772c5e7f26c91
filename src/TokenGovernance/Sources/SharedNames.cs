using System.Collections.Concurrent;

namespace TokenGovernance.Sources;

/// <summary>One string for each name that many checkpoints repeat, such as a model's: a large home has a hundred thousand of them.</summary>
static class SharedNames
{
    /// <summary>There are a few dozen models. Whoever writes more invents them.</summary>
    const int MaxNames = 1000;

    static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static string? Get(string? name)
    {
        if (name is null)
        {
            return null;
        }

        return Names.TryGetValue(name, out var shared) ? shared : Names.Count < MaxNames ? Names.GetOrAdd(name, name) : name;
    }
}
