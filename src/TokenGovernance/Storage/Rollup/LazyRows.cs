using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>The rows of a query that is prepared when it is asked first: who reads the roll-up asks for a part of what there is.</summary>
/// <param name="connection">The store.</param>
/// <param name="name">Which of <see cref="RollupQueries" />.</param>
sealed class LazyRows(SqliteConnection connection, string name) : IDisposable
{
    SqliteRows? _rows;

    public SqliteRows Rows => _rows ??= new SqliteRows(connection, RollupQueries.All[name]);

    public void Dispose() => _rows?.Dispose();
}
