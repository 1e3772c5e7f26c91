using System.Data;
using Npgsql;
using TokenGovernance.Storage;

namespace TokenGovernance.Fleet.Reading;

/// <summary>The fleet's database as a store that is only read.</summary>
/// <param name="target">The database.</param>
sealed class FleetStore(FleetTarget target) : IStore
{
    public string Name => target.Address.ToString();

    public bool HasNodes => true;

    public T Read<T>(Func<IStoreReader, T> read) => target.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);

        // The planner estimates that a query over many months is expensive, and has it compiled: that takes ten times as long as the query itself.
        using (var begin = new NpgsqlCommand(
            $"SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '{FleetTarget.ReadSeconds}s'; SET LOCAL jit = off", connection))
        {
            begin.ExecuteNonQuery();
        }

        SchemaRow.Read(connection);

        return read(new FleetReader(connection));
    });

    /// <summary>By how far each node is: that changes with each batch.</summary>
    public StoreStamp ReadStamp(DateTimeOffset now) => new(
        target.Read(connection => connection.Ask(
            "SELECT md5(string_agg(concat_ws(' ', node_id, name, last_push, token, snapshot_id), ',' ORDER BY node_id)) FROM tg_nodes") as string ?? ""),
        IsAtRest: true);
}
