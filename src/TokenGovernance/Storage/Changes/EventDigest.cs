using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Changes;

/// <summary>What some events add up to, in whatever order: enough to tell whether others are the same.</summary>
/// <param name="Events">How many.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="CostBits">Their recorded costs, as the bits of the doubles.</param>
/// <param name="High">The upper halves of their keys.</param>
/// <param name="Low">The lower ones.</param>
readonly record struct EventDigest(long Events, Int128 Tokens, ulong CostBits, ulong High, ulong Low)
{
    const string Sql = $"SELECT e.event_key, e.total_tokens, e.cost_total FROM event_facts AS e WHERE {RollupTable.UsageMs} < ?1";

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string> { ["events before a time"] = Sql };

    /// <summary>Adds an event. A key that is there twice is not there once, nor not at all.</summary>
    public EventDigest With(EventKey key, long tokens, double? cost) => unchecked(new(
        Events + 1, Tokens + tokens, CostBits + (cost is { } known ? (ulong)BitConverter.DoubleToInt64Bits(known) : 1), High + key.High, Low + key.Low));

    /// <summary>Reads the events of before a time.</summary>
    public static EventDigest Read(SqliteConnection connection, long beforeMs)
    {
        var digest = default(EventDigest);
        using var rows = new SqliteRows(connection, Sql);
        rows.Bind(1, beforeMs);
        while (rows.Next())
        {
            digest = digest.With(EventKey.Read(rows.GetBlob(0)), rows.TypeOf(1) is CellType.Null ? 0 : rows.GetInteger(1), CostOf(rows));
        }

        return digest;
    }

    static double? CostOf(SqliteRows rows) => rows.TypeOf(2) switch
    {
        CellType.Null => null,
        CellType.Integer => CompactCost.Decode(rows.GetInteger(2)),
        _ => rows.GetReal(2),
    };
}
