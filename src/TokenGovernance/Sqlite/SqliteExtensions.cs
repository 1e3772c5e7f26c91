using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TokenGovernance.Sqlite;

/// <summary>Plain ADO.NET in one line.</summary>
static class SqliteExtensions
{
    /// <summary>`SQLITE_DBCONFIG_ENABLE_TRIGGER`.</summary>
    const int EnableTrigger = 1003;

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static int QueryInt(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;

        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>The first cell of a query's first row; NULL if it is no whole number.</summary>
    public static long? QueryLong(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;

        return command.ExecuteScalar() as long?;
    }

    /// <summary>The first cell of a query's first row; NULL if it is no text.</summary>
    public static string? QueryText(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;

        return command.ExecuteScalar() as string;
    }

    /// <summary>Lets no trigger fire on this connection; what foreign keys cascade to is no trigger.</summary>
    public static void DisableTriggers(this SqliteConnection connection) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_db_config(connection.Handle, EnableTrigger, 0, out _), connection.Handle);

    /// <summary>Prepares a command whose parameters are `$p0`, `$p1` … in order.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; sql.Contains($"$p{i}", StringComparison.Ordinal); i++)
        {
            command.Parameters.Add(new SqliteParameter($"$p{i}", DBNull.Value));
        }

        return command;
    }

    /// <summary>Gives the parameters of a prepared command their values; NULL is NULL.</summary>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    /// <summary>Executes a prepared INSERT of one row, which may not be refused, and returns the row's id.</summary>
    /// <remarks>RETURNING would say the same, but makes a temporary table each time: ten pages that the system has to give anew.</remarks>
    public static long Insert(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        command.With(values).ExecuteNonQuery();

        return raw.sqlite3_last_insert_rowid(command.Connection!.Handle);
    }

    public static string? GetText(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? GetNumber(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
