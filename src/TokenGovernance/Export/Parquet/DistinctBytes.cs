namespace TokenGovernance.Export.Parquet;

/// <summary>Numbers different texts in the order in which they come, and keeps each once.</summary>
sealed class DistinctBytes
{
    const int LeastTable = 1 << 8;

    readonly List<(int Start, int Length)> _places = [];
    readonly ByteBuffer _bytes = new();

    /// <summary>By hash, with open addressing: a number and one, or zero where there is none.</summary>
    int[] _table = new int[LeastTable];
    int _last = -1;

    public int Count => _places.Count;

    public ReadOnlySpan<byte> this[int number] => _bytes.Written.Slice(_places[number].Start, _places[number].Length);

    public void Clear()
    {
        if (Count == 0)
        {
            return;
        }

        _places.Clear();
        _bytes.Clear();
        Array.Clear(_table);
        _last = -1;
    }

    /// <summary>Returns the number of a text.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        // What many events share stands in row after row.
        if (_last >= 0 && text.SequenceEqual(this[_last]))
        {
            return _last;
        }

        var slot = SlotOf(text);
        if (_table[slot] == 0)
        {
            _places.Add((_bytes.Length, text.Length));
            _bytes.Write(text);
            _table[slot] = _places.Count;
            _last = _places.Count - 1;
            GrowIfFull();

            return _last;
        }

        _last = _table[slot] - 1;

        return _last;
    }

    int SlotOf(ReadOnlySpan<byte> text)
    {
        var hash = default(HashCode);
        hash.AddBytes(text);
        var mask = _table.Length - 1;
        var slot = hash.ToHashCode() & mask;
        while (_table[slot] > 0 && !text.SequenceEqual(this[_table[slot] - 1]))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    void GrowIfFull()
    {
        if (_places.Count * 2 <= _table.Length)
        {
            return;
        }

        _table = new int[_table.Length * 4];
        for (var number = 0; number < _places.Count; number++)
        {
            _table[SlotOf(this[number])] = number + 1;
        }
    }
}
