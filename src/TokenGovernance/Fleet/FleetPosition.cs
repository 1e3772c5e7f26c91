using Npgsql;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Fleet;

/// <summary>How far a node has pushed, as the fleet's database says.</summary>
static class FleetPosition
{
    /// <summary>Where in the change feed the next push of a node begins; NULL: it has pushed nothing yet.</summary>
    public static async Task<ChangeToken?> ReadAsync(NpgsqlConnection connection, string node, CancellationToken stop)
    {
        await using var command = connection.Command("SELECT token FROM tg_nodes WHERE name = $1", node);

        return ChangeToken.TryParse(await command.ExecuteScalarAsync(stop) as string, out var token) ? token : null;
    }
}
