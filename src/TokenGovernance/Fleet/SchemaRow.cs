using Npgsql;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>What the fleet's database says of its tables.</summary>
/// <param name="ByMonth">`usage_events` has a partition for each month.</param>
/// <param name="DetachedBefore">What is older is not taken again.</param>
/// <param name="Revision">Of views and indexes; 1 where nobody noted it.</param>
sealed record SchemaRow(int Version, bool ByMonth, DateTime? DetachedBefore, int Revision)
{
    const string Sql = $"""
        SELECT version, partitioning, detached_before,
          coalesce(substring(obj_description('tg_schema'::regclass, 'pg_class') FROM '{FleetSchema.RevisionMark}([0-9]+)')::integer, 1)
        FROM tg_schema
        """;

    /// <summary>What to do about views or indexes that an earlier version of the program made; NULL: nothing.</summary>
    public string? Advice => Revision < FleetSchema.Revision
        ? "an earlier version of token-governance made the views and indexes of the fleet's database: run 'token-governance fleet init' once, as the owner of its tables. Until then pushing goes on, some reports take longer, and what is new in the views is missing"
        : null;

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

    static SchemaRow Of(NpgsqlDataReader reader) => new(reader.GetInt32(0), reader.GetString(1) is "month", reader.IsDBNull(2) ? null : reader.GetDateTime(2), reader.GetInt32(3));

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
