using Npgsql;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>What can be asked of the fleet, in one transaction.</summary>
sealed class FleetReader(NpgsqlConnection connection) : IStoreReader
{
    readonly FleetNames _names = new(connection);

    public IRollup OpenRollup() => new FleetRollup(connection, _names);

    public IQuarterCosts OpenQuarterCosts() => new FleetQuarterCosts(new FleetRollup(connection, _names));

    public IResponses OpenResponses() => new FleetResponses(connection, _names);

    public TableRows ReadTable(string table, TimeRange range)
    {
        var asked = FleetTable.Of(table);

        return new FleetRows(asked, new FleetCursor(connection, asked.Sql(range), UsageSql.BoundsOf(range)));
    }

    public RowsByTime OpenByTime(string table) => new FleetRowsByTime(connection, FleetTable.Of(table));

    public ChangeFeed? OpenChanges() => null;

    /// <summary>Half of the id of the node that came first.</summary>
    public string ReadIdentity() => connection.Ask("SELECT node_id FROM tg_nodes ORDER BY first_push, node_id LIMIT 1") is Guid first ? first.ToString("N")[..16] : new string('0', 16);

    /// <summary>Nobody counts what changes in the fleet's database: who reads it reads all of it.</summary>
    public ChangePosition ReadPosition() => default;

    public bool HasEarlierChanges(ChangePosition since, long beforeMs) => true;

    public SpendingHistory? FindHistory(string settings) => null;

    public bool HasEvents() => connection.Ask("SELECT EXISTS (SELECT 1 FROM usage_events)") is true;

    /// <summary>When a node pushed last.</summary>
    public string? ReadLastPass() =>
        connection.Ask("SELECT max(last_push) FROM tg_nodes") is DateTime last ? UtcTime.Format(new DateTimeOffset(last)) : null;

    public IReadOnlyList<string> ReadNodesWithoutKeys() =>
        connection.ReadAll("SELECT name FROM tg_nodes WHERE columns <> 'all' ORDER BY name", [], row => row.GetString(0));

    public IReadOnlyList<QuotaReading> ReadQuotas() => FleetQuotas.Read(connection);

    public IReadOnlyList<Alert> ReadAlerts(int most) => [];

    public long ReadLastQuota() => connection.Ask("SELECT count(*) FROM provider_usage_snapshots") as long? ?? 0;
}
