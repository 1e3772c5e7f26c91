using Npgsql;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Asks the fleet's database.</summary>
static class FleetQuery
{
    /// <summary>The first value of the first row; NULL if there is none.</summary>
    public static object? Ask(this NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);

        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>Reads all rows of a question at once, so that the next one can be asked while they are looked at.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="sql">The question.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="read">Makes something of the current row.</param>
    public static List<T> ReadAll<T>(this NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>A time in ms since 1970.</summary>
    public static long? Ms(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : (reader.GetDateTime(column) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;
}
