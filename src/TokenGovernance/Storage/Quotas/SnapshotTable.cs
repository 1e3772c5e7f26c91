using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Quotas;

/// <summary>Appends quota snapshots inside the store's transaction: changes at once, repetitions only now and then.</summary>
/// <remarks>
///     A series is what one quota's readings have in common: home, agent, provider, account, kind and labels. A snapshot is compared
///     with the last one stored of its series, whoever stored it; a series that ended needs no row to say so.
/// </remarks>
sealed class SnapshotTable : IDisposable
{
    const string SaltKey = "salt:accounts";
    const int HashChars = 16;

    /// <summary>Providers say when a window ends by counting from now: seconds more or less are no news.</summary>
    const long ResetJitterMs = 10_000;

    readonly SqliteConnection _connection;
    readonly SqliteCommand _findLast, _insert;
    byte[]? _salt;

    public SnapshotTable(SqliteConnection connection)
    {
        _connection = connection;
        _findLast = connection.Prepare("""
            SELECT snapshot_ts, display_name, plan, used_percent, reset_at_ms, amount, amount_limit, error
            FROM provider_usage_snapshots
            WHERE provider IS $p0 AND window_label IS $p1 AND kind IS $p2 AND group_label IS $p3 AND unit IS $p4 AND period IS $p5
              AND account_hash IS $p6 AND agent_id IS $p7 AND home IS $p8
            ORDER BY id DESC LIMIT 1
            """);
        _insert = connection.Prepare("""
            INSERT INTO provider_usage_snapshots (provider, window_label, kind, group_label, unit, period, account_hash, agent_id, home,
              snapshot_ts, display_name, plan, used_percent, reset_at_ms, amount, amount_limit, error)
            VALUES ($p0, $p1, $p2, $p3, $p4, $p5, $p6, $p7, $p8, $p9, $p10, $p11, $p12, $p13, $p14, $p15, $p16)
            """);
    }

    /// <summary>Stores a snapshot unless it repeats one that is younger than <paramref name="keepUnchanged" />.</summary>
    /// <returns>True if it was stored.</returns>
    public bool Append(QuotaSnapshot snapshot, TimeSpan keepUnchanged)
    {
        object?[] series =
        [
            snapshot.Provider, snapshot.WindowLabel, KindText(snapshot.Kind), snapshot.GroupLabel, snapshot.Unit, snapshot.Period,
            HashAccount(snapshot), snapshot.AgentId, snapshot.Home,
        ];
        if (RepeatsLast(series, snapshot, (long)keepUnchanged.TotalMilliseconds))
        {
            return false;
        }

        _insert.With(
        [
            .. series, UtcTime.Format(snapshot.TakenMs), snapshot.DisplayName, snapshot.Plan, snapshot.UsedPercent, snapshot.ResetAtMs,
            snapshot.Amount, snapshot.AmountLimit, snapshot.Error,
        ]).ExecuteNonQuery();

        return true;
    }

    public void Dispose()
    {
        _findLast.Dispose();
        _insert.Dispose();
    }

    bool RepeatsLast(object?[] series, QuotaSnapshot snapshot, long keepMs)
    {
        using var last = _findLast.With(series).ExecuteReader();
        if (!last.Read() || !UtcTime.TryParse(last.GetString(0), out var lastMs))
        {
            return false;
        }

        // A negative age is a clock that was set back: nothing can be told from it.
        var age = snapshot.TakenMs - lastMs;

        return age >= 0 && age < keepMs
            && last.GetText(1) == snapshot.DisplayName
            && last.GetText(2) == snapshot.Plan
            && GetReal(last, 3) == snapshot.UsedPercent
            && IsSameReset(last.IsDBNull(4) ? null : last.GetInt64(4), snapshot.ResetAtMs, age)
            && GetReal(last, 5) == snapshot.Amount
            && GetReal(last, 6) == snapshot.AmountLimit
            && last.GetText(7) == snapshot.Error;
    }

    /// <summary>The end of a window that nobody uses moves along with the clock; that is the same window still.</summary>
    static bool IsSameReset(long? last, long? now, long age)
    {
        if (last is null || now is null)
        {
            return last == now;
        }

        var moved = now.Value - last.Value;

        return Math.Abs(moved) <= ResetJitterMs || Math.Abs(moved - age) <= ResetJitterMs;
    }

    static double? GetReal(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    static string KindText(SnapshotKind kind) => kind switch
    {
        SnapshotKind.Window => "window",
        SnapshotKind.Balance => "balance",
        SnapshotKind.Spend => "spend",
        SnapshotKind.Budget => "budget",
        SnapshotKind.Error => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };

    /// <summary>Tells accounts apart without naming them; the salt keeps anybody from trying addresses without the store.</summary>
    string? HashAccount(QuotaSnapshot snapshot)
    {
        if (string.IsNullOrWhiteSpace(snapshot.AccountEmail))
        {
            return null;
        }

        _salt ??= ReadSalt(UtcTime.Format(snapshot.TakenMs));
        var email = Encoding.UTF8.GetBytes(snapshot.AccountEmail.Trim().ToLowerInvariant());

        return Convert.ToHexStringLower(HMACSHA256.HashData(_salt, email))[..HashChars];
    }

    /// <summary>Returns the store's salt; made with the first account.</summary>
    byte[] ReadSalt(string now)
    {
        using var create = _connection.Prepare(
            "INSERT INTO collector_state (key, value, updated_ts) VALUES ($p0, $p1, $p2) ON CONFLICT DO NOTHING");
        create.With(SaltKey, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), now).ExecuteNonQuery();
        using var read = _connection.Prepare("SELECT value FROM collector_state WHERE key = $p0");

        return Convert.FromHexString((string)read.With(SaltKey).ExecuteScalar()!);
    }
}
