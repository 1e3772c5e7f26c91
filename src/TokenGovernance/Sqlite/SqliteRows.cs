using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenGovernance.Sqlite;

/// <summary>The rows of a query, one at a time, text still in UTF-8: nothing is kept and nothing is converted.</summary>
sealed class SqliteRows : IDisposable
{
    readonly sqlite3 _database;
    readonly sqlite3_stmt _statement;
    readonly bool _isUtf16;

    /// <param name="connection">The database.</param>
    /// <param name="sql">The query.</param>
    /// <param name="isUtf16">The database keeps its text in UTF-16, which has to be converted.</param>
    public SqliteRows(SqliteConnection connection, string sql, bool isUtf16 = false)
    {
        _isUtf16 = isUtf16;
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
        Columns = [.. Enumerable.Range(0, raw.sqlite3_column_count(_statement))
            .Select(column => raw.sqlite3_column_name(_statement, column).utf8_to_string())];
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>The types that the columns have in their table; empty for an expression.</summary>
    public IReadOnlyList<string> DeclaredTypes => [.. Enumerable.Range(0, Columns.Count)
        .Select(column => raw.sqlite3_column_decltype(_statement, column).utf8_to_string() ?? "")];

    /// <summary>Goes to the next row; false if there is none.</summary>
    public bool Next()
    {
        var result = raw.sqlite3_step(_statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            SqliteException.ThrowExceptionForRC(result, _database);
        }

        return result == raw.SQLITE_ROW;
    }

    /// <summary>Gives a parameter (from 1) its value.</summary>
    public void Bind(int parameter, string value) => raw.sqlite3_bind_text(_statement, parameter, value);

    /// <summary>Gives a parameter (from 1) the text that <see cref="GetName" /> made a name of.</summary>
    public void BindName(int parameter, string name) => raw.sqlite3_bind_text(_statement, parameter, RawName.ToBytes(name));

    /// <summary>Gives a parameter (from 1) its value.</summary>
    public void Bind(int parameter, long value) => raw.sqlite3_bind_int64(_statement, parameter, value);

    /// <summary>Begins again, with other values bound.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Begins anew, with other values of the first parameters.</summary>
    public void Begin(params ReadOnlySpan<long> values)
    {
        Reset();
        for (var i = 0; i < values.Length; i++)
        {
            Bind(i + 1, values[i]);
        }
    }

    public CellType TypeOf(int column) => (CellType)ShortCalls.TypeOf(_statement.DangerousGetHandle(), column);

    public long GetInteger(int column) => ShortCalls.GetInteger(_statement.DangerousGetHandle(), column);

    public double GetReal(int column) => raw.sqlite3_column_double(_statement, column);

    /// <summary>UTF-8 text, valid until the next row.</summary>
    public ReadOnlySpan<byte> GetText(int column)
    {
        if (_isUtf16)
        {
            // Converts the cell itself.
            raw.sqlite3_column_text(_statement, column);
        }

        return GetBlob(column);
    }

    /// <summary>Text, or NULL for NULL.</summary>
    public string? GetString(int column) =>
        TypeOf(column) is CellType.Null ? null : Encoding.UTF8.GetString(GetText(column));

    /// <summary>Text as a name, whatever bytes are in it; NULL for NULL.</summary>
    public string? GetName(int column) => TypeOf(column) is CellType.Null ? null : RawName.Of(GetText(column));

    /// <summary>Bytes, valid until the next row.</summary>
    public ReadOnlySpan<byte> GetBlob(int column) => ShortCalls.GetBytes(_statement.DangerousGetHandle(), column);

    public void Dispose() => _statement.Dispose();
}

/// <summary>What a cell holds, numbered as SQLite does.</summary>
enum CellType
{
    Integer = raw.SQLITE_INTEGER,
    Real = raw.SQLITE_FLOAT,
    Text = raw.SQLITE_TEXT,
    Blob = raw.SQLITE_BLOB,
    Null = raw.SQLITE_NULL,
}
