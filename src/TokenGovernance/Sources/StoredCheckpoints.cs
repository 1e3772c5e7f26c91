namespace TokenGovernance.Sources;

/// <summary>The checkpoints of an earlier run, handed out once each: what a source took, it keeps itself.</summary>
sealed class StoredCheckpoints(IDictionary<string, string> values)
{
    readonly SortedDictionary<string, string> _values = new(values, StringComparer.Ordinal);

    /// <summary>Returns a checkpoint and forgets it here; NULL if there is none.</summary>
    public string? Take(string key) => _values.Remove(key, out var value) ? value : null;

    /// <summary>Returns, and forgets, the keys with a prefix that are not to be kept.</summary>
    public IReadOnlyList<string> TakeAll(string prefix, Func<string, bool> isKept)
    {
        var keys = _values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !isKept(key)).ToList();
        keys.ForEach(key => _values.Remove(key));

        return keys;
    }
}
