using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage;

/// <summary>The rows of a table, one at a time, in the order they came: nothing is kept and no text is converted.</summary>
sealed class TableRows : IDisposable
{
    readonly SqliteRows _rows;

    public TableRows(SqliteConnection connection, string table, TimeRange range)
    {
        var (columns, time) = table switch
        {
            "usage_events" => (EventColumns.Names(EventColumns.All), "coalesce(started_ts, event_ts)"),
            "provider_usage_snapshots" => ("*", "snapshot_ts"),
            _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no such table"),
        };
        var from = range.FromMs is { } fromMs ? $" AND {time} >= '{UtcTime.Format(fromMs)}'" : "";
        var before = range.BeforeMs is { } beforeMs ? $" AND {time} < '{UtcTime.Format(beforeMs)}'" : "";
        _rows = new SqliteRows(connection, $"SELECT {columns} FROM {table} WHERE 1{from}{before} ORDER BY id");
    }

    public IReadOnlyList<string> Columns => _rows.Columns;

    /// <summary>A cell of the current row; its text is valid until the next row.</summary>
    public Cell this[int column] => _rows.TypeOf(column) switch
    {
        CellType.Integer => new Cell { Kind = CellKind.Integer, Integer = _rows.GetInteger(column) },
        CellType.Real => new Cell { Kind = CellKind.Real, Real = _rows.GetReal(column) },
        CellType.Text => new Cell { Kind = CellKind.Text, Bytes = _rows.GetText(column) },
        CellType.Blob => new Cell { Kind = CellKind.Blob, Bytes = _rows.GetBlob(column) },
        _ => default,
    };

    /// <summary>Goes to the next row; false if there is none.</summary>
    public bool Next() => _rows.Next();

    public void Dispose() => _rows.Dispose();
}

/// <summary>One cell of a row.</summary>
readonly ref struct Cell
{
    public CellKind Kind { get; init; }

    public long Integer { get; init; }

    public double Real { get; init; }

    /// <summary>Text in UTF-8, or the bytes of a blob.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }
}

/// <summary>What a cell holds.</summary>
enum CellKind
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
}
