using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Reports;

/// <summary>One stored reading of a quota, a balance or an error.</summary>
/// <param name="Series">What it is a reading of.</param>
/// <param name="TakenMs">When, in ms since 1970.</param>
sealed record QuotaReading(
    QuotaSeries Series, long TakenMs, string? DisplayName, string? Plan, double? UsedPercent, long? ResetAtMs, double? Amount,
    double? AmountLimit, string? Error)
{
    // OpenClaw renamed a provider; provider_group is one name for both.
    const string Sql = """
        SELECT snapshot_ts, home, agent_id, provider_group, account_hash, kind, group_label,
          window_label, unit, period, display_name, plan, used_percent, reset_at_ms, amount, amount_limit, error
        FROM v_provider_usage ORDER BY snapshot_ts, id
        """;

    /// <summary>Returns all readings in the order of time.</summary>
    public static IReadOnlyList<QuotaReading> ReadAll(UsageStore store) => store.Read(() => Read(store).ToList());

    static IEnumerable<QuotaReading> Read(UsageStore store)
    {
        using var rows = store.Query(Sql);
        while (rows.Next())
        {
            if (UtcTime.TryParse(rows.GetString(0), out var taken))
            {
                yield return new QuotaReading(
                    new QuotaSeries(
                        rows.GetString(1), rows.GetString(2), rows.GetString(3), rows.GetString(4), rows.GetString(5) ?? "window",
                        rows.GetString(6), rows.GetString(7), rows.GetString(8), rows.GetString(9)),
                    taken,
                    rows.GetString(10),
                    rows.GetString(11),
                    QuotaSnapshot.BoundPercent(Real(rows, 12)),
                    rows.TypeOf(13) is CellType.Null ? null : rows.GetInteger(13),
                    QuotaSnapshot.BoundAmount(Real(rows, 14)),
                    QuotaSnapshot.BoundAmount(Real(rows, 15)),
                    rows.GetString(16));
            }
        }
    }

    static double? Real(SqliteRows rows, int column) => rows.TypeOf(column) is CellType.Null ? null : rows.GetReal(column);
}

/// <summary>What the readings of one quota have in common.</summary>
sealed record QuotaSeries(
    string? Home, string? Agent, string? Provider, string? Account, string Kind, string? Group, string? Window, string? Unit, string? Period);
