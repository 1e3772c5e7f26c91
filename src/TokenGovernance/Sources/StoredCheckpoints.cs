namespace TokenGovernance.Sources;

/// <summary>The checkpoints of an earlier run, handed out once each: what a source took, it keeps itself.</summary>
sealed class StoredCheckpoints(IDictionary<string, string> values)
{
    readonly SortedDictionary<string, string> _values = new(values, StringComparer.Ordinal);

    /// <summary>Returns a checkpoint and forgets it here; NULL if there is none.</summary>
    public string? Take(string key) => _values.Remove(key, out var value) ? value : null;

    /// <summary>Returns, and forgets here, the checkpoints whose keys have a prefix and fit a condition.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TakeAll(string prefix, Func<string, bool>? fits = null)
    {
        var found = _values
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && fits?.Invoke(pair.Key) != false)
            .ToList();
        found.ForEach(pair => _values.Remove(pair.Key));

        return found;
    }
}
