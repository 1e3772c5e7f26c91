using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Model;

namespace TokenGovernance.Storage;

/// <summary>The rows of a table, one at a time, its text still in UTF-8: nothing is kept and nothing is converted.</summary>
sealed class TableRows : IDisposable
{
    readonly sqlite3 _database;
    readonly string _path;
    readonly sqlite3_stmt _statement;

    public TableRows(SqliteConnection connection, string path, string sql)
    {
        _database = connection.Handle!;
        _path = path;
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
        Columns = [.. Enumerable.Range(0, raw.sqlite3_column_count(_statement))
            .Select(column => raw.sqlite3_column_name(_statement, column).utf8_to_string())];
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Goes to the next row; false if there is none.</summary>
    /// <exception cref="UserFacingException">The store cannot be read.</exception>
    public bool Next()
    {
        var result = raw.sqlite3_step(_statement);
        Check(result);

        return result == raw.SQLITE_ROW;
    }

    public CellType TypeOf(int column) => (CellType)raw.sqlite3_column_type(_statement, column);

    public long GetInteger(int column) => raw.sqlite3_column_int64(_statement, column);

    public double GetReal(int column) => raw.sqlite3_column_double(_statement, column);

    /// <summary>UTF-8 text, valid until the next row.</summary>
    public ReadOnlySpan<byte> GetText(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>Bytes, valid until the next row.</summary>
    public ReadOnlySpan<byte> GetBlob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw StoreFailure.Explain(_path, new SqliteException(raw.sqlite3_errmsg(_database).utf8_to_string(), result));
        }
    }
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
