using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Model;

namespace TokenGovernance.Storage;

/// <summary>A prepared statement bound without ADO.NET: for the one bulk insert, where that takes three times as long.</summary>
/// <remarks>A bound value stays bound from row to row until it is bound again.</remarks>
sealed class RawStatement : IDisposable
{
    readonly sqlite3 _database;
    readonly sqlite3_stmt _statement;

    public RawStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, sql, out _statement), _database);
    }

    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
        else
        {
            raw.sqlite3_bind_text(_statement, parameter, value);
        }
    }

    public void Bind(int parameter, long? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_int64(_statement, parameter, number);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    public void Bind(int parameter, double? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_double(_statement, parameter, number);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    public void BindTime(int parameter, long? ms)
    {
        if (ms is { } value)
        {
            Span<byte> text = stackalloc byte[UtcTime.TextLength];
            UtcTime.Write(value, text);
            raw.sqlite3_bind_text(_statement, parameter, text);
        }
        else
        {
            raw.sqlite3_bind_null(_statement, parameter);
        }
    }

    public void Bind(int parameter, EventKey key)
    {
        Span<byte> bytes = stackalloc byte[EventKey.Size];
        key.WriteTo(bytes);
        raw.sqlite3_bind_blob(_statement, parameter, bytes);
    }

    /// <summary>Runs the statement once; true if it changed a row.</summary>
    public bool Execute()
    {
        var result = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement);
        if (result != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(reset, _database);
        }

        return raw.sqlite3_changes(_database) > 0;
    }

    public void Dispose() => _statement.Dispose();
}
