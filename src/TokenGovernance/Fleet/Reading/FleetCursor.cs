using System.Globalization;
using Npgsql;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Reads rows page by page: no more than a page is held, however slowly they are written, and each page has the time that a question has.</summary>
sealed class FleetCursor : IDisposable
{
    public const int PageRows = 2_000;

    static int _last;

    readonly NpgsqlConnection _connection;
    readonly string _name = string.Create(CultureInfo.InvariantCulture, $"tg_rows_{Interlocked.Increment(ref _last)}");
    readonly string _fetch;
    bool _hasMore = true;

    /// <param name="connection">The fleet's database, in a transaction.</param>
    /// <param name="sql">What is asked.</param>
    /// <param name="parameters">Its parameters.</param>
    public FleetCursor(NpgsqlConnection connection, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        _connection = connection;
        _fetch = string.Create(CultureInfo.InvariantCulture, $"FETCH FORWARD {PageRows} FROM {_name}");
        using var declare = new NpgsqlCommand($"DECLARE {_name} NO SCROLL CURSOR FOR {sql}", connection);
        foreach (var parameter in parameters)
        {
            declare.Parameters.Add(parameter);
        }

        declare.ExecuteNonQuery();
    }

    /// <summary>The next rows; none: there are no more.</summary>
    /// <param name="types">What their columns hold; a time is given in ms since 1970.</param>
    public List<object?[]> Next(IReadOnlyList<EventColumnType> types)
    {
        if (!_hasMore)
        {
            return [];
        }

        var rows = _connection.ReadAll(_fetch, [], row =>
        {
            var values = new object?[types.Count];
            for (var column = 0; column < values.Length; column++)
            {
                values[column] = row.IsDBNull(column) ? null : types[column] switch
                {
                    EventColumnType.Time => row.Ms(column),
                    EventColumnType.Count or EventColumnType.Id => row.GetInt64(column),
                    EventColumnType.Dollars => row.GetDouble(column),
                    _ => row.GetFieldValue<byte[]>(column),
                };
            }

            return values;
        });
        _hasMore = rows.Count == PageRows;

        return rows;
    }

    public void Dispose()
    {
        _hasMore = false;
        if (_connection.FullState is System.Data.ConnectionState.Open)
        {
            try
            {
                using var close = new NpgsqlCommand($"CLOSE {_name}", _connection);
                close.ExecuteNonQuery();
            }
            catch (PostgresException)
            {
                // The transaction failed, and the cursor went with it.
            }
        }
    }
}
