using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage;

/// <summary>The rows of `provider_usage_snapshots`.</summary>
sealed class StoredSnapshots : TableRows
{
    readonly SqliteRows _rows;

    /// <summary>Those of a time.</summary>
    public StoredSnapshots(SqliteConnection connection, TimeRange range) => _rows = new SqliteRows(connection, Select(range));

    /// <summary>Those that were stored after another one.</summary>
    public StoredSnapshots(SqliteConnection connection, long afterId)
    {
        _rows = new SqliteRows(connection, "SELECT * FROM provider_usage_snapshots WHERE id > ?1 ORDER BY id");
        _rows.Bind(1, afterId);
    }

    public override IReadOnlyList<string> Columns => _rows.Columns;

    public override Cell this[int column] => _rows.CellOf(column);

    public override bool Next() => _rows.Next();

    public override void Dispose() => _rows.Dispose();

    static string Select(TimeRange range)
    {
        var from = range.FromMs is { } fromMs ? $" AND snapshot_ts >= '{UtcTime.Format(fromMs)}'" : "";
        var before = range.BeforeMs is { } beforeMs ? $" AND snapshot_ts < '{UtcTime.Format(beforeMs)}'" : "";

        return $"SELECT * FROM provider_usage_snapshots WHERE 1{from}{before} ORDER BY id";
    }
}
