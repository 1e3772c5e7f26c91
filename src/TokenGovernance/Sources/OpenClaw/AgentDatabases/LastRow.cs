using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What the last row of a session was, so that another row in its place is noticed.</summary>
/// <param name="Mark">Number, time and lengths: had without reading its content.</param>
/// <param name="Hash">The beginning of a SHA-256 of its content.</param>
readonly record struct LastRow(string? Mark, string? Hash);

/// <summary>Looks at single rows of `transcript_events`.</summary>
sealed class LastRowReader(SqliteConnection connection, DatabaseTables tables) : IDisposable
{
    readonly SqliteRows _rows = tables.Query(connection, $"""
        SELECT {MarkSql(tables, "e")}, {tables.Sql("transcript_events", "e", "event_json")}, {tables.Sql("transcript_events", "e", "event_zstd")}
        FROM transcript_events AS e WHERE e.session_id = ?1 AND e.seq = ?2
        """);

    /// <summary>`seq/created_at/bytes/bytes` of a row, as SQL.</summary>
    public static string MarkSql(DatabaseTables tables, string alias)
    {
        string Column(string name) => tables.Sql("transcript_events", alias, name);

        return $"{alias}.seq || '/' || coalesce({Column("created_at")}, '') || '/' || coalesce(octet_length({Column("event_json")}), '') "
            + $"|| '/' || coalesce(octet_length({Column("event_zstd")}), '')";
    }

    /// <summary>Reads a row; nothing is known of one that is not there.</summary>
    public LastRow Read(string sessionId, long seq)
    {
        _rows.BindName(1, sessionId);
        _rows.Bind(2, seq);
        try
        {
            if (!_rows.Next())
            {
                return default;
            }

            var content = _rows.TypeOf(1) is CellType.Null ? _rows.GetBlob(2) : _rows.GetText(1);

            return new LastRow(_rows.GetString(0), Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)));
        }
        finally
        {
            _rows.Reset();
        }
    }

    public void Dispose() => _rows.Dispose();
}
