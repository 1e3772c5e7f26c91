using Npgsql;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>How the fleet stands: each node, and what is odd.</summary>
/// <param name="Nodes">By name.</param>
/// <param name="EventsEstimated">Responses, as the server estimates.</param>
/// <param name="Shared">What further nodes say of responses that are counted once.</param>
/// <param name="Conflicts">Those of which they say other numbers.</param>
/// <param name="SetAside">Rows that no store has any more since a backup was put back; they are not counted.</param>
/// <param name="InDefault">Responses without a month of their own: without a time, or of an odd one.</param>
/// <param name="Advice">What to do about views and indexes of an earlier version; NULL: nothing.</param>
sealed record FleetOverview(IReadOnlyList<NodeState> Nodes, long EventsEstimated, long Shared, long Conflicts, long SetAside, long InDefault, string? Advice)
{
    public static async Task<FleetOverview> ReadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        var schema = await SchemaRow.ReadAsync(connection, stop);
        var partitions = schema.ByMonth ? await Partitions.ReadAsync(connection, withSizes: true, stop) : [];

        return new FleetOverview(
            await ReadNodesAsync(connection, stop),
            schema.ByMonth ? partitions.Sum(partition => partition.Rows) : await CountAsync(connection, "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'usage_events'::regclass", stop),
            await CountAsync(connection, "SELECT count(*) FROM usage_event_copies", stop),
            await CountAsync(connection, "SELECT count(*) FROM tg_conflicts", stop),
            await CountAsync(connection, "SELECT count(*) FROM tg_set_aside", stop),
            schema.ByMonth ? await CountAsync(connection, $"SELECT count(*) FROM {FleetSchema.DefaultPartition}", stop) : 0,
            schema.Advice);
    }

    static async Task<IReadOnlyList<NodeState>> ReadNodesAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = connection.Command("SELECT name, store_id, token, behind, passed_over, columns, last_push, version, last_error, last_error_ts FROM tg_nodes ORDER BY name");
        await using var reader = await command.ExecuteReaderAsync(stop);
        var nodes = new List<NodeState>();
        while (await reader.ReadAsync(stop))
        {
            nodes.Add(new NodeState(
                reader.GetString(0), reader.GetString(1), Text(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetString(5), Time(6), Text(7), Text(8), Time(9)));
        }

        return nodes;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        DateTime? Time(int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
    }

    static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = connection.Command(sql);

        return (long)(await command.ExecuteScalarAsync(stop))!;
    }
}

/// <summary>A node as the fleet's database knows it.</summary>
/// <param name="Behind">Events that were left when it pushed last.</param>
/// <param name="PassedOver">Responses of months that were detached.</param>
sealed record NodeState(
    string Name, string StoreId, string? Token, long Behind, long PassedOver, string Columns, DateTime? LastPush, string? Version, string? LastError, DateTime? LastErrorAt)
{
    /// <summary>Where in the change feed the next push begins.</summary>
    public ChangeToken? Position => ChangeToken.TryParse(Token, out var token) ? token : null;
}
