using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

/// <summary>A table of what many events share: finds the row for an event, made if it is new. Its rows never change.</summary>
sealed class SharedTable : IDisposable
{
    const int MaxCached = 20_000;

    readonly Func<UsageEvent, object?>[] _values;
    readonly Dictionary<object?[], long> _ids = new(RowComparer.Instance);
    readonly SqliteCommand _find, _insert;
    object?[] _row, _last;
    long _lastId;

    /// <param name="connection">The store.</param>
    /// <param name="table">Its name.</param>
    /// <param name="columns">All its columns but `id`, and their values: a string, a long or NULL.</param>
    public SharedTable(SqliteConnection connection, string table, IReadOnlyList<(string Name, Func<UsageEvent, object?> Value)> columns)
    {
        _values = [.. columns.Select(column => column.Value)];
        _row = new object?[_values.Length];
        _last = new object?[_values.Length];
        _find = connection.Prepare($"SELECT id FROM {table} WHERE {string.Join(" AND ", columns.Select((column, i) => $"{column.Name} IS $p{i}"))}");
        _insert = connection.Prepare($"""
            INSERT INTO {table} ({string.Join(", ", columns.Select(column => column.Name))})
            VALUES ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})
            """);
    }

    /// <summary>Returns the id of the row for an event.</summary>
    public long Get(UsageEvent usage)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            _row[i] = _values[i](usage);
        }

        if (_lastId != 0 && RowComparer.Instance.Equals(_row, _last))
        {
            return _lastId;
        }

        if (!_ids.TryGetValue(_row, out _lastId))
        {
            _lastId = (long?)_find.With(_row).ExecuteScalar() ?? _insert.Insert(_row);
            if (_ids.Count >= MaxCached)
            {
                _ids.Clear();
            }

            _ids.Add([.. _row], _lastId);
        }

        (_row, _last) = (_last, _row);

        return _lastId;
    }

    /// <summary>Forgets what is cached: the transaction failed, or another process wrote.</summary>
    public void Clear()
    {
        _ids.Clear();
        _lastId = 0;
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
    }

    sealed class RowComparer : IEqualityComparer<object?[]>
    {
        public static readonly RowComparer Instance = new();

        public bool Equals(object?[]? x, object?[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(object?[] row)
        {
            var hash = default(HashCode);
            foreach (var value in row)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
