using Npgsql;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Reads what nodes pushed of quotas.</summary>
static class FleetQuotas
{
    // OpenClaw renamed a provider: one name for both, as in the store.
    const string Sql = """
        SELECT snapshot_ts, home, agent_id, CASE provider WHEN 'openai-codex' THEN 'openai' ELSE provider END, account_hash, kind, group_label,
          window_label, unit, period, display_name, plan, used_percent, reset_at_ms, amount, amount_limit, error
        FROM provider_usage_snapshots ORDER BY snapshot_ts, node_id, id
        """;

    /// <summary>Returns all readings in the order of time; what nodes say alike once.</summary>
    public static IReadOnlyList<QuotaReading> Read(NpgsqlConnection connection) => [.. connection.ReadAll(Sql, [], row => new QuotaReading(
        new QuotaSeries(row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5) ?? "window", row.Text(6), row.Text(7), row.Text(8), row.Text(9)),
        row.Ms(0)!.Value,
        row.Text(10),
        row.Text(11),
        QuotaSnapshot.BoundPercent(Real(row, 12)),
        row.IsDBNull(13) ? null : row.GetInt64(13),
        QuotaSnapshot.BoundAmount(Real(row, 14)),
        QuotaSnapshot.BoundAmount(Real(row, 15)),
        row.Text(16))).Distinct()];

    static double? Real(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
