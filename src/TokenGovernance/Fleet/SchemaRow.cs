using Npgsql;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>What the fleet's database says of its tables.</summary>
/// <param name="ByMonth">`usage_events` has a partition for each month.</param>
/// <param name="DetachedBefore">What is older is not taken again.</param>
sealed record SchemaRow(int Version, bool ByMonth, DateTime? DetachedBefore)
{
    const string Sql = "SELECT version, partitioning, detached_before FROM tg_schema";

    /// <summary>Reads it.</summary>
    /// <exception cref="UserFacingException">Another version of the program made them.</exception>
    public static async Task<SchemaRow> ReadAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        await using var command = connection.Command(Sql);
        await using var reader = await command.ExecuteReaderAsync(stop);

        return Known(await reader.ReadAsync(stop) ? Of(reader) : null);
    }

    /// <summary>The same, for who waits for it.</summary>
    public static SchemaRow Read(NpgsqlConnection connection)
    {
        using var command = connection.Command(Sql);
        using var reader = command.ExecuteReader();

        return Known(reader.Read() ? Of(reader) : null);
    }

    static SchemaRow Of(NpgsqlDataReader reader) => new(reader.GetInt32(0), reader.GetString(1) is "month", reader.IsDBNull(2) ? null : reader.GetDateTime(2));

    static SchemaRow Known(SchemaRow? row) => row?.Version switch
    {
        null => throw new UserFacingException("The fleet's database has an empty tg_schema. Run 'token-governance fleet init'."),
        > FleetSchema.Version => throw new UserFacingException(
            $"The fleet's database has schema {row.Version}, and this version of token-governance knows {FleetSchema.Version}: update it here. Nothing is lost."),
        < FleetSchema.Version => throw new UserFacingException(
            $"The fleet's database has schema {row.Version}. Bring it to {FleetSchema.Version} with 'token-governance fleet init'."),
        _ => row,
    };
}
