namespace TokenGovernance.Sources;

/// <summary>The checkpoints of an earlier run, handed out once each: what a source took, it keeps itself.</summary>
sealed class StoredCheckpoints
{
    readonly Dictionary<string, string> _values;
    string[] _keys;

    public StoredCheckpoints(IDictionary<string, string> values)
    {
        _values = new Dictionary<string, string>(values, StringComparer.Ordinal);
        _keys = SortKeys();
    }

    /// <summary>Returns a checkpoint and forgets it here; NULL if there is none.</summary>
    public string? Take(string key)
    {
        if (!_values.Remove(key, out var value))
        {
            return null;
        }

        Shrink();

        return value;
    }

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

        Shrink();

        return found;
    }

    /// <summary>Lets go of the memory of what was taken: a large home has a hundred thousand of them.</summary>
    void Shrink()
    {
        if (_values.Count * 2 < _keys.Length)
        {
            _values.TrimExcess();
            _keys = SortKeys();
        }
    }

    string[] SortKeys()
    {
        string[] keys = [.. _values.Keys];
        Array.Sort(keys, StringComparer.Ordinal);

        return keys;
    }
}
