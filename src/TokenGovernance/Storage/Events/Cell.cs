using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

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

static class CellExtensions
{
    /// <summary>A cell as it is stored.</summary>
    public static Cell CellOf(this SqliteRows rows, int column) => rows.TypeOf(column) switch
    {
        CellType.Integer => new Cell { Kind = CellKind.Integer, Integer = rows.GetInteger(column) },
        CellType.Real => new Cell { Kind = CellKind.Real, Real = rows.GetReal(column) },
        CellType.Text => new Cell { Kind = CellKind.Text, Bytes = rows.GetText(column) },
        CellType.Blob => new Cell { Kind = CellKind.Blob, Bytes = rows.GetBlob(column) },
        _ => default,
    };
}
