using Npgsql;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>How far a node has pushed, as the fleet's database says.</summary>
static class FleetPosition
{
    /// <summary>Where in the change feed the next push of a node begins (NULL: it has pushed nothing yet), and the last quota reading that was pushed.</summary>
    public static async Task<(ChangeToken? Token, long SnapshotId)> ReadAsync(NpgsqlConnection connection, string node, CancellationToken stop)
    {
        await using var command = connection.Command("SELECT token, snapshot_id FROM tg_nodes WHERE name = $1", node);
        await using var reader = await command.ExecuteReaderAsync(stop);

        return await reader.ReadAsync(stop) && !reader.IsDBNull(0) && ChangeToken.TryParse(reader.GetString(0), out var token) ? (token, reader.GetInt64(1)) : (null, 0);
    }
}
