using System.Runtime.InteropServices;

namespace TokenGovernance.Sqlite;

/// <summary>Functions of SQLite that only look at memory, and are called for each value of a row: what is around a call costs several times the call.</summary>
/// <remarks>
///     They are called without the precautions for functions that wait or call back, and without counting who uses a statement: it must be
///     open, and used by one thread.
/// </remarks>
static unsafe partial class ShortCalls
{
    /// <summary>Gives a parameter (from 1) its value.</summary>
    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInteger(nint statement, int parameter, long value);

    /// <summary>What a cell of the row holds.</summary>
    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int TypeOf(nint statement, int column);

    /// <summary>A cell as a whole number.</summary>
    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long GetInteger(nint statement, int column);

    /// <summary>A cell's bytes, valid until the next row; none for NULL.</summary>
    public static ReadOnlySpan<byte> GetBytes(nint statement, int column) => new(BytesOf(statement, column), LengthOf(statement, column));

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    private static partial void* BytesOf(nint statement, int column);

    [LibraryImport(SqliteLibrary.Name, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    private static partial int LengthOf(nint statement, int column);
}
