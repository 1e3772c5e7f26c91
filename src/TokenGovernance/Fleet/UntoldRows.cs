using Npgsql;

namespace TokenGovernance.Fleet;

/// <summary>Rows of a node that its store did not tell again from the beginning of its feed: it no longer has them.</summary>
sealed class UntoldRows(NpgsqlConnection connection, FleetNode node)
{
    static readonly string Copy = $"""
        INSERT INTO tg_set_aside ({FleetColumns.List(FleetColumns.Events)}, node_id)
        SELECT {FleetColumns.List(FleetColumns.Events, "e")}, e.node_id FROM usage_events AS e
        WHERE e.node_id = $1 AND e.event_key = ANY ($2)
          AND NOT EXISTS (SELECT 1 FROM usage_event_copies AS c WHERE c.event_key = e.event_key AND c.event_ts = e.event_ts)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Sets them aside, unless they are older than whatever the store has: those it let go on purpose.</summary>
    /// <param name="oldest">The earliest time of the last batch.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>How many are no longer counted.</returns>
    public async Task<long> SetAsideAsync(DateTime? oldest, CancellationToken stop)
    {
        var count = 0L;
        while (await ReadKeysAsync(oldest, stop) is { Length: > 0 } keys)
        {
            await using (var copy = connection.Command(Copy, node.Id, keys))
            {
                count += await copy.ExecuteNonQueryAsync(stop);
            }

            await new BatchMerge(connection, node).RemoveAsync(keys, stop);
        }

        await connection.ExecuteAsync(
            "DELETE FROM tg_set_aside AS a USING usage_events AS e WHERE e.event_key = a.event_key AND e.event_ts = a.event_ts", stop);

        return count;
    }

    async Task<byte[][]> ReadKeysAsync(DateTime? oldest, CancellationToken stop)
    {
        var keys = new List<byte[]>();
        await using var command = connection.Command(
            $"""
            WITH floor AS (SELECT least(oldest_ts, $3::timestamptz) AS ts FROM tg_nodes WHERE node_id = $1)
            SELECT e.event_key FROM usage_events AS e, floor WHERE e.node_id = $1 AND e.generation <> $2 AND (e.event_ts >= floor.ts OR e.is_undated)
            UNION SELECT c.event_key FROM usage_event_copies AS c, floor WHERE c.node_id = $1 AND c.generation <> $2 AND (c.event_ts >= floor.ts OR c.is_undated)
            LIMIT {FleetPush.MostRows}
            """,
            node.Id, node.Generation, oldest);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            keys.Add(reader.GetFieldValue<byte[]>(0));
        }

        return [.. keys];
    }
}
