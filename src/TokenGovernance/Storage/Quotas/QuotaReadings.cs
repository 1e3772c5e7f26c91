using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Quotas;

/// <summary>Reads what <see cref="SnapshotTable" /> stored.</summary>
static class QuotaReadings
{
    // OpenClaw renamed a provider; provider_group is one name for both.
    const string Sql = """
        SELECT snapshot_ts, home, agent_id, provider_group, account_hash, kind, group_label,
          window_label, unit, period, display_name, plan, used_percent, reset_at_ms, amount, amount_limit, error
        FROM v_provider_usage ORDER BY snapshot_ts, id
        """;

    /// <summary>Returns all readings in the order of time.</summary>
    public static IReadOnlyList<QuotaReading> Read(SqliteConnection connection)
    {
        using var rows = new SqliteRows(connection, Sql);
        var readings = new List<QuotaReading>();
        while (rows.Next())
        {
            if (UtcTime.TryParse(rows.GetString(0), out var taken))
            {
                readings.Add(ReadRow(rows, taken));
            }
        }

        return readings;
    }

    static QuotaReading ReadRow(SqliteRows rows, long taken)
    {
        double? Real(int column) => rows.TypeOf(column) is CellType.Null ? null : rows.GetReal(column);

        return new QuotaReading(
            new QuotaSeries(
                rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetString(5) ?? "window",
                rows.GetString(6), rows.GetString(7), rows.GetString(8), rows.GetString(9)),
            taken,
            rows.GetString(10),
            rows.GetString(11),
            QuotaSnapshot.BoundPercent(Real(12)),
            rows.TypeOf(13) is CellType.Null ? null : rows.GetInteger(13),
            QuotaSnapshot.BoundAmount(Real(14)),
            QuotaSnapshot.BoundAmount(Real(15)),
            rows.GetString(16));
    }
}
