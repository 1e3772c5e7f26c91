using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Fleet;

/// <summary>The views of the fleet's database have the names, columns and sums that they have in the store.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetViewTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("usage_events")]
    [InlineData("v_usage_events_enriched")]
    [InlineData("v_usage_daily")]
    [InlineData("v_usage_monthly")]
    [InlineData("v_usage_quarters")]
    [InlineData("v_usage_days")]
    [InlineData("provider_usage_snapshots")]
    public void EachHasTheColumnsOfTheStoreAndSaysTheNodeAfterThem(string view)
    {
        UsageStore.Open(_scene.Db).Dispose();
        var ours = StoreRows.Query(_scene.Db, $"SELECT name FROM pragma_table_info('{view}')").Select(row => row.Text("name")).ToList();
        var url = server.MakeDatabase();
        var theirs = server.Query(url, $"SELECT attname::text AS name FROM pg_attribute WHERE attrelid = '{view}'::regclass AND attnum > 0 ORDER BY attnum").Select(row => (string)row["name"]!).ToList();

        theirs.Take(ours.Count).Should().Equal(ours);
        theirs.Skip(ours.Count).Should().NotBeEmpty();
    }

    [Fact]
    public async Task TheSumsOfTheSampleHomeAreThoseOfTheStore()
    {
        var url = server.MakeDatabase();
        _scene.CollectFrom(Fixture.PathOf("../../docs/sample-home"));
        await FleetRows.PushAsync(url, _scene.Db, "n");

        foreach (var (view, key) in new[] { ("v_usage_daily", "usage_date"), ("v_usage_monthly", "usage_month"), ("v_usage_quarters", "quarter_start"), ("v_usage_days", "day_start") })
        {
            var sql = $"SELECT count(DISTINCT {key}) AS a, sum(events) AS b, sum(total_tokens) AS c, round(CAST(sum(cost_total) AS {{0}}), 6) AS d, sum(unpriced_events) AS e, sum(unmeasured_events) AS f FROM {view}";
            var theirs = server.Query(url, sql.Replace("{0}", "numeric", StringComparison.Ordinal)).Single().Values.Select(value => Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture));
            var ours = StoreRows.Query(_scene.Db, sql.Replace("{0}", "REAL", StringComparison.Ordinal)).Single();

            theirs.Should().Equal(ours.Columns.Select(column => Convert.ToDecimal(ours[column], System.Globalization.CultureInfo.InvariantCulture)), view);
        }
    }
}
