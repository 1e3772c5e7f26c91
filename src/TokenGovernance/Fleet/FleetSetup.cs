using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>Makes the fleet's tables, or what of them is missing.</summary>
static class FleetSetup
{
    const int OldestServer = 14;

    /// <param name="target">The database.</param>
    /// <param name="byMonth">Partitions by month; NULL: as it is, and by month if there is nothing yet.</param>
    /// <param name="withCitus">Also spreads the tables over the nodes of Citus.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>What there is now, and how many partitions were made.</returns>
    /// <exception cref="UserFacingException">The tables are others than those that are asked for.</exception>
    public static Task<(SchemaRow Schema, int Partitions)> RunAsync(FleetTarget target, bool? byMonth, bool withCitus, CancellationToken stop) => target.DoAsync(
        async connection =>
        {
            if (connection.PostgreSqlVersion.Major < OldestServer)
            {
                throw new UserFacingException($"{target.Address} is PostgreSQL {connection.PostgreSqlVersion}; the fleet needs {OldestServer} or later.");
            }

            SchemaRow? known = null;
            await using (var exists = connection.Command("SELECT to_regclass('tg_schema') IS NOT NULL"))
            {
                known = await exists.ExecuteScalarAsync(stop) is true ? await SchemaRow.ReadAsync(connection, stop) : null;
            }

            if (known is not null && byMonth is { } wanted && wanted != known.ByMonth)
            {
                throw new UserFacingException(
                    $"The tables in {target.Address} are there already, {(known.ByMonth ? "with partitions by month" : "without partitions")}; that cannot be changed. Use another database, or --partition {(known.ByMonth ? "month" : "none")}.");
            }

            var months = known?.ByMonth ?? byMonth ?? true;
            await using (var transaction = await connection.BeginTransactionAsync(stop))
            {
                await connection.ExecuteAsync(FleetSchema.Script(months, withCitus), stop);
                await transaction.CommitAsync(stop);
            }

            var made = months ? await Partitions.MakeAsync(connection, Partitions.Ahead(DateTime.UtcNow, 2), stop) : 0;

            return (await SchemaRow.ReadAsync(connection, stop), made);
        },
        stop);
}
