using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Quotas;

/// <summary>Old quota readings that say little: of each series and hour, all but the first, the last and the highest.</summary>
/// <remarks>A series is what <see cref="SnapshotTable" /> calls so. The last reading of a series, and of all, is never one of these.</remarks>
static class SurplusSnapshots
{
    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["readings by series and hour"] = """
            SELECT json_array(provider, window_label, kind, group_label, unit, period, account_hash, agent_id, home, substr(snapshot_ts, 1, 13)) AS series, id, used_percent, amount
            FROM provider_usage_snapshots WHERE snapshot_ts < ?1 AND id <= ?2
            ORDER BY series, id
            """,
    };

    /// <summary>Their ids.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="beforeMs">Older than this, in ms since 1970.</param>
    /// <param name="lastId">What was stored after this one stays.</param>
    public static IReadOnlyList<long> Find(SqliteConnection connection, long beforeMs, long lastId)
    {
        using var rows = new SqliteRows(connection, Queries["readings by series and hour"]);
        rows.Bind(1, UtcTime.Format(beforeMs));
        rows.Bind(2, lastId);
        var (surplus, series, held) = (new List<long>(), (string?)null, new List<Reading>());
        while (rows.Next())
        {
            if (rows.GetString(0) is var next && next != series)
            {
                AddSurplus(held, surplus);
                held.Clear();
                series = next;
            }

            held.Add(new Reading(rows.GetInteger(1), RealAt(rows, 2), RealAt(rows, 3)));
        }

        AddSurplus(held, surplus);

        return surplus;
    }

    static void AddSurplus(List<Reading> hour, List<long> surplus)
    {
        if (hour.Count < 3)
        {
            return;
        }

        long[] kept = [hour[0].Id, hour[^1].Id, hour.MaxBy(reading => reading.UsedPercent ?? double.MinValue).Id, hour.MaxBy(reading => reading.Amount ?? double.MinValue).Id];
        surplus.AddRange(hour.Select(reading => reading.Id).Where(id => !kept.Contains(id)));
    }

    static double? RealAt(SqliteRows rows, int column) => rows.TypeOf(column) is CellType.Null ? null : rows.GetReal(column);

    /// <summary>Removes readings, in the caller's transaction.</summary>
    /// <returns>How many were still there.</returns>
    public static int Remove(SqliteConnection connection, IEnumerable<long> ids)
    {
        using var remove = connection.Prepare("DELETE FROM provider_usage_snapshots WHERE id IN (SELECT value FROM json_each($p0))");

        return remove.With($"[{string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]").ExecuteNonQuery();
    }

    readonly record struct Reading(long Id, double? UsedPercent, double? Amount);
}
