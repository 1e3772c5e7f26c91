namespace TokenGovernance.Sources;

/// <summary>The checkpoints of an earlier run, handed out once each: what a source took, it keeps itself.</summary>
sealed class StoredCheckpoints
{
    readonly Dictionary<string, string> _values;
    readonly string[] _keys;

    public StoredCheckpoints(IDictionary<string, string> values)
    {
        _values = new Dictionary<string, string>(values, StringComparer.Ordinal);
        _keys = [.. values.Keys];
        Array.Sort(_keys, StringComparer.Ordinal);
    }

    /// <summary>Returns a checkpoint and forgets it here; NULL if there is none.</summary>
    public string? Take(string key) => _values.Remove(key, out var value) ? value : null;

    /// <summary>Returns, and forgets here, the checkpoints whose keys have a prefix and fit a condition.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TakeAll(string prefix, Func<string, bool>? fits = null)
    {
        var found = new List<KeyValuePair<string, string>>();
        var first = Array.BinarySearch(_keys, prefix, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < _keys.Length && _keys[i].StartsWith(prefix, StringComparison.Ordinal); i++)
        {
            if (fits?.Invoke(_keys[i]) != false && _values.Remove(_keys[i], out var value))
            {
                found.Add(new KeyValuePair<string, string>(_keys[i], value));
            }
        }

        return found;
    }
}
