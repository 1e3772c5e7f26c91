using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage;

/// <summary>The rows of `provider_usage_snapshots`.</summary>
sealed class StoredSnapshots : TableRows
{
    const string OneSnapshot = "SELECT * FROM provider_usage_snapshots WHERE id = ?1";

    readonly SqliteRows _rows;

    StoredSnapshots(SqliteConnection connection, string sql)
    {
        _rows = new SqliteRows(connection, sql);
        Types = [.. _rows.Columns.Zip(_rows.DeclaredTypes, TypeOf)];
    }

    /// <summary>All of a span of time.</summary>
    public StoredSnapshots(SqliteConnection connection, TimeRange range)
        : this(connection, Select(range))
    {
    }

    /// <summary>Those that were stored after another one.</summary>
    public StoredSnapshots(SqliteConnection connection, long afterId)
        : this(connection, "SELECT * FROM provider_usage_snapshots WHERE id > ?1 ORDER BY id")
    {
        _rows.Bind(1, afterId);
    }

    public override IReadOnlyList<string> Columns => _rows.Columns;

    public override IReadOnlyList<EventColumnType> Types { get; }

    /// <summary>Single ones, by <see cref="Begin" />.</summary>
    public static StoredSnapshots ById(SqliteConnection connection) => new(connection, OneSnapshot);

    /// <summary>Begins anew, with the snapshot of an id.</summary>
    public void Begin(long id)
    {
        _rows.Reset();
        _rows.Bind(1, id);
    }

    public override long? TimeAt(int column) => UtcTime.TryParse(_rows.GetString(column), out var ms) ? ms : null;

    public override Cell this[int column] => _rows.CellOf(column);

    public override bool Next() => _rows.Next();

    public override void Dispose() => _rows.Dispose();

    static EventColumnType TypeOf(string name, string declared) => (name, declared) switch
    {
        ("id", _) => EventColumnType.Id,
        ("snapshot_ts", _) => EventColumnType.Time,
        (_, "INTEGER") => EventColumnType.Count,
        (_, "REAL") => EventColumnType.Dollars,
        _ => EventColumnType.Text,
    };

    static string Select(TimeRange range)
    {
        var from = range.FromMs is { } fromMs ? $" AND snapshot_ts >= '{UtcTime.Format(fromMs)}'" : "";
        var before = range.BeforeMs is { } beforeMs ? $" AND snapshot_ts < '{UtcTime.Format(beforeMs)}'" : "";

        return $"SELECT * FROM provider_usage_snapshots WHERE 1{from}{before} ORDER BY id";
    }
}
