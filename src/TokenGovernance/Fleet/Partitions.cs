using System.Globalization;
using Npgsql;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>The months of `usage_events`: which there are, making them ahead, and taking the oldest out.</summary>
static class Partitions
{
    /// <summary>Nothing that OpenClaw wrote is older: what says so has no month of its own.</summary>
    static readonly DateTime First = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>How far ahead of the clock a month may be; what is later is in the default partition.</summary>
    const int MonthsAhead = 24;

    /// <summary>The first moment of a time's month, if that may have a partition.</summary>
    public static DateTime? MonthOf(DateTime time, DateTime now)
    {
        var month = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc);

        return month >= First && month <= now.AddMonths(2) ? month : null;
    }

    public static string NameOf(DateTime month) => month.ToString("'usage_events_'yyyy'_'MM", CultureInfo.InvariantCulture);

    /// <summary>Reads a month such as `2026-11`.</summary>
    public static DateTime? ParseMonth(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var month) ? month : null;

    /// <summary>The months that have a partition.</summary>
    public static async Task<HashSet<DateTime>> ReadMonthsAsync(NpgsqlConnection connection, CancellationToken stop) =>
        [.. (await ReadAsync(connection, withSizes: false, stop)).Select(partition => partition.Month).OfType<DateTime>()];

    /// <summary>All partitions, oldest first, the default one last.</summary>
    public static async Task<IReadOnlyList<Partition>> ReadAsync(NpgsqlConnection connection, bool withSizes, CancellationToken stop)
    {
        await using var command = connection.Command($"""
            SELECT c.relname, {(withSizes ? "pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint" : "0::bigint, 0::bigint")}
            FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'usage_events'::regclass
            ORDER BY c.relname = '{FleetSchema.DefaultPartition}', c.relname
            """);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var partitions = new List<Partition>();
        while (await reader.ReadAsync(stop))
        {
            var name = reader.GetString(0);
            partitions.Add(new Partition(
                name, name.StartsWith("usage_events_", StringComparison.Ordinal) ? ParseMonth(name["usage_events_".Length..].Replace('_', '-')) : null, reader.GetInt64(1), reader.GetInt64(2)));
        }

        return partitions;
    }

    /// <summary>Makes the partitions of months that have none. What is in the default partition already moves there.</summary>
    /// <returns>How many were made.</returns>
    public static async Task<int> MakeAsync(NpgsqlConnection connection, IEnumerable<DateTime> months, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({FleetSchema.Lock})", stop);
        var known = await ReadMonthsAsync(connection, stop);
        var missing = months.Except(known).Order().ToList();
        foreach (var month in missing)
        {
            var (name, from, to) = (NameOf(month), BoundOf(month), BoundOf(month.AddMonths(1)));
            await connection.ExecuteAsync(
                $"""
                CREATE TABLE {name} (LIKE usage_events INCLUDING ALL);
                WITH moved AS (DELETE FROM {FleetSchema.DefaultPartition} WHERE event_ts >= '{from}' AND event_ts < '{to}' RETURNING *)
                INSERT INTO {name} SELECT * FROM moved;
                ALTER TABLE usage_events ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{to}');
                """, stop);
        }

        await transaction.CommitAsync(stop);

        return missing.Count;
    }

    /// <summary>The months from now on.</summary>
    public static IEnumerable<DateTime> Ahead(DateTime now, int months) =>
        Enumerable.Range(0, Math.Min(months, MonthsAhead) + 1).Select(i => new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(i));

    /// <summary>Makes the partition of the oldest month a table of its own. Its events are no longer counted, and not taken again.</summary>
    /// <exception cref="UserFacingException">It is not the oldest, or there is none.</exception>
    public static async Task DetachAsync(NpgsqlConnection connection, DateTime month, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({FleetSchema.Lock})", stop);
        var months = await ReadMonthsAsync(connection, stop);
        if (!months.Contains(month))
        {
            throw new UserFacingException($"There is no partition of {TextOf(month)}. 'token-governance fleet partitions list' shows which there are.");
        }

        if (months.Min() != month)
        {
            throw new UserFacingException($"{TextOf(months.Min())} is older than {TextOf(month)}: detach the oldest partition first.");
        }

        await using (var floor = connection.Command("UPDATE tg_schema SET detached_before = greatest(detached_before, $1)", month.AddMonths(1)))
        {
            await floor.ExecuteNonQueryAsync(stop);
        }

        await connection.ExecuteAsync(
            $"""
            ALTER TABLE usage_events DETACH PARTITION {NameOf(month)};
            DELETE FROM usage_event_copies WHERE event_ts < '{BoundOf(month.AddMonths(1))}' AND NOT is_undated;
            """, stop);
        await transaction.CommitAsync(stop);
    }

    /// <summary>A month as people write it.</summary>
    public static string TextOf(DateTime month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    static string BoundOf(DateTime month) => month.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);

    /// <summary>Runs SQL without parameters, one or several statements.</summary>
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>A partition of `usage_events`.</summary>
/// <param name="Month">Its month; NULL: the default one.</param>
/// <param name="Bytes">With its indexes.</param>
/// <param name="Rows">As the server estimates.</param>
sealed record Partition(string Name, DateTime? Month, long Bytes, long Rows);
