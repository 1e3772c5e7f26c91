using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

/// <summary>The rows of a table that events share, read when an event refers to one and kept while they are in use.</summary>
sealed class SharedRows(SqliteConnection connection, EventTable table) : IDisposable
{
    const int MaxCached = 10_000;

    readonly int _columns = EventColumns.Of(table).Count;
    readonly SqliteRows _rows = new(connection, Select(table));
    readonly Dictionary<long, SharedRow> _cached = [];
    SharedRow _last = new([]);
    long _lastId = long.MinValue;

    /// <summary>The SQL that reads one row.</summary>
    public static string Select(EventTable table) =>
        $"SELECT {string.Join(", ", EventColumns.Of(table).Select(column => column.StoredName))} FROM {NameOf(table)} WHERE id = ?1";

    public void Dispose() => _rows.Dispose();

    static string NameOf(EventTable table) => table switch
    {
        EventTable.Attributions => "event_attributions",
        EventTable.Models => "event_models",
        EventTable.Outcomes => "event_outcomes",
        EventTable.Files => "event_files",
        EventTable.Turns => "event_turns",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no table that events share"),
    };

    /// <summary>The row with an id; one of nothing but NULL if there is none.</summary>
    public SharedRow Find(long id)
    {
        if (id == _lastId)
        {
            return _last;
        }

        if (!_cached.TryGetValue(id, out var row))
        {
            if (_cached.Count >= MaxCached)
            {
                _cached.Clear();
            }

            _cached.Add(id, row = Load(id));
        }

        (_lastId, _last) = (id, row);

        return row;
    }

    SharedRow Load(long id)
    {
        var values = new SharedValue[_columns];
        _rows.Reset();
        _rows.Bind(1, id);
        if (_rows.Next())
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new SharedValue(_rows.CellOf(i));
            }
        }

        _rows.Reset();

        return new SharedRow(values);
    }
}

/// <summary>What several events share, decoded.</summary>
sealed class SharedRow(SharedValue[] values)
{
    public Cell this[int column]
    {
        get
        {
            ref readonly var value = ref values[column];

            return new Cell { Kind = value.Kind, Integer = value.Integer, Bytes = value.Bytes };
        }
    }

    /// <summary>A string, a long or NULL; a string is the same object each time.</summary>
    public object? GetObject(int column) => values[column].Object;
}

/// <summary>One value of a <see cref="SharedRow" />, in both forms in which it is asked for.</summary>
readonly struct SharedValue(Cell cell)
{
    public readonly CellKind Kind = cell.Kind;
    public readonly long Integer = cell.Integer;
    public readonly byte[]? Bytes = cell.Kind is CellKind.Text ? cell.Bytes.ToArray() : null;
    public readonly object? Object = cell.Kind switch
    {
        CellKind.Text => Encoding.UTF8.GetString(cell.Bytes),
        CellKind.Integer => cell.Integer,
        _ => null,
    };
}
