using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests;

/// <summary>What the fleet's database must have: worked out from the nodes' stores with SQLite's own view, without any code that pushes.</summary>
static class FleetRows
{
    static readonly string[] Peers = ["session_key", "spawned_by", "parent_session_key", "source_file"];

    static readonly string[] Attribution =
        ["session_key", "channel", "chat_type", "origin_provider", "trigger", "job_id", "job_name", "spawned_by", "parent_session_key"];

    /// <summary>Pushes a store.</summary>
    public static async Task<PushResult> PushAsync(
        string url, string db, string name, bool allColumns = false, int batchRows = FleetPush.MostRows, int fewRows = BatchMerge.FewRows, string? takeOver = null)
    {
        await using var target = PostgresServer.Open(url);

        return await target.DoAsync(
            connection => new FleetPush(new FleetPlan(name, allColumns, "test", takeOver), read => StoreReader.Read(db, read)) { BatchRows = batchRows, FewRows = fewRows }
                .RunAsync(connection, CancellationToken.None),
            CancellationToken.None);
    }

    /// <summary>The fleet must have the union of these stores: each response once, by the node that knows most of it.</summary>
    public static void ShouldBeTheUnion(PostgresServer server, string url, bool allColumns, params (string Node, string Db)[] stores)
    {
        var ids = server.Query(url, "SELECT name, node_id::text AS id FROM tg_nodes").ToDictionary(row => (string)row["name"]!, row => (string)row["id"]!);
        var versions = stores
            .SelectMany(store => StoreRows.Query(store.Db, "SELECT * FROM usage_events").Select(row => (Id: ids[store.Node], Cells: Cells(row, allColumns))))
            .GroupBy(version => version.Cells["event_key"]);
        var expected = versions
            .Select(group => group.OrderByDescending(version => Attribution.Count(name => version.Cells[name] is not null)).ThenBy(version => version.Id, StringComparer.Ordinal).First())
            .Select(version => Describe(version.Cells, version.Id));
        var actual = server.Query(url, "SELECT * FROM usage_events").Select(row => Describe(Cells(row), row["node_id"]!.ToString()!));

        actual.Order(StringComparer.Ordinal).Should().Equal(expected.Order(StringComparer.Ordinal));
    }

    /// <summary>The sums of stores, each response once, by SQLite: count, keys, tokens, and dollars of known costs to the billionth.</summary>
    public static string SumsOf(params string[] dbs)
    {
        var rows = dbs.SelectMany(db => StoreRows.Query(db, "SELECT event_key, total_tokens, cost_total, cost_source FROM usage_events"))
            .GroupBy(row => Convert.ToHexString((byte[])row["event_key"]!)).Select(group => group.First()).ToList();
        var dollars = rows.Where(row => row.Text("cost_source") is "recorded" or "provider-billed" && row["cost_total"] is not null)
            .Sum(row => Math.Round((decimal)(double)row["cost_total"]!, 9, MidpointRounding.AwayFromZero));

        return string.Create(CultureInfo.InvariantCulture, $"{rows.Count} {rows.Count} {rows.Sum(row => row.Number("total_tokens") ?? 0)} {dollars:0.000000000}");
    }

    /// <summary>The same of the fleet, by PostgreSQL.</summary>
    public static string SumsOf(PostgresServer server, string url) => server.Ask(
        url,
        """
        SELECT count(*) || ' ' || count(DISTINCT event_key) || ' ' || coalesce(sum(total_tokens), 0) || ' '
          || to_char(coalesce(sum(round(cost_total::numeric, 9)) FILTER (WHERE cost_source IN ('recorded', 'provider-billed')), 0), 'FM999999999990.000000000')
        FROM usage_events
        """)!;

    static Dictionary<string, string?> Cells(Row row, bool allColumns) =>
        row.Columns.ToDictionary(name => name, name => !allColumns && Peers.Contains(name) ? null : Show(row[name]));

    static Dictionary<string, string?> Cells(Dictionary<string, object?> row)
    {
        if (row["is_undated"] is true)
        {
            row["event_ts"] = null;
        }

        return row.Where(cell => cell.Key is not ("node_id" or "generation" or "is_undated")).ToDictionary(cell => cell.Key, cell => Show(cell.Value));
    }

    static string? Show(object? value) => value switch
    {
        null => null,
        byte[] bytes => Convert.ToHexString(bytes),
        DateTime time => UtcTime.Format(new DateTimeOffset(time)),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    static string Describe(Dictionary<string, string?> cells, string node) =>
        $"{cells["event_key"]} of {node}: {string.Join(", ", cells.OrderBy(cell => cell.Key, StringComparer.Ordinal).Select(cell => $"{cell.Key}={cell.Value ?? "NULL"}"))}";
}
