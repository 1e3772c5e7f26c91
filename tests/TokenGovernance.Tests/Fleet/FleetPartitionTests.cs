using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Fleet;

/// <summary>The months of `usage_events`.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetPartitionTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly TempFolder _folder = new();
    readonly string _url = server.MakeDatabase();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EachMonthHasAPartitionAndWhatIsOddIsInTheDefaultOne()
    {
        Append(At("e1", "2026-03-31T23:59:59.999Z"), At("e2", "2026-04-01T00:00:00.000Z"), At("e3", "2199-01-01T00:00:00.000Z"), At("e4", "1999-01-01T00:00:00.000Z"));
        await FleetRows.PushAsync(_url, _folder["a.db"], "a");

        server.Query(_url, "SELECT tableoid::regclass::text AS t, entry_id FROM usage_events ORDER BY 2").Select(row => row["t"]).Should().Equal(
            "usage_events_2026_03", "usage_events_2026_04", "usage_events_default", "usage_events_default");
    }

    [Fact]
    public async Task AMonthThatIsMadeLaterTakesItsRowsOutOfTheDefaultPartition()
    {
        // A node that may not make tables: it pushes all the same.
        server.Execute(_url, $"DROP ROLE IF EXISTS pusher; CREATE ROLE pusher LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pusher");
        Append(At("e1", "2026-03-10T00:00:00.000Z"));
        var result = await FleetRows.PushAsync(_url.Replace("tokens@", "pusher@", StringComparison.Ordinal), _folder["a.db"], "a");
        result.Notes.Should().ContainSingle().Which.Should().Contain("may not make partitions, so 2026-03 goes to the default one");
        server.Ask(_url, "SELECT tableoid::regclass::text FROM usage_events").Should().Be("usage_events_default");

        Append(At("e2", "2026-03-11T00:00:00.000Z"));
        await FleetRows.PushAsync(_url, _folder["a.db"], "a");

        server.Query(_url, "SELECT DISTINCT tableoid::regclass::text AS t FROM usage_events").Select(row => row["t"]).Should().Equal("usage_events_2026_03");
        FleetRows.SumsOf(server, _url).Should().Be(FleetRows.SumsOf(_folder["a.db"]));
    }

    [Fact]
    public async Task ADetachedMonthIsATableOfItsOwnAndIsNotPushedAgain()
    {
        Append(At("e1", "2026-03-10T00:00:00.000Z"), At("e2", "2026-04-10T00:00:00.000Z"));
        await FleetRows.PushAsync(_url, _folder["a.db"], "a");

        var newer = Cli.Run("fleet", "partitions", "detach", "2026-04", "--url", _url);
        (newer.ExitCode, newer.Error).Should().Be((1, "error: 2026-03 is older than 2026-04: detach the oldest partition first.\n"));
        Cli.Run("fleet", "partitions", "detach", "2026-03", "--url", _url).ExitCode.Should().Be(0);

        server.Ask(_url, "SELECT count(*) FROM usage_events_2026_03").Should().Be("1");
        var again = await FleetRows.PushAsync(_url, _folder["a.db"], "a", allColumns: true);
        (again.Told, again.PassedOver).Should().Be((2, 1));
        server.Query(_url, "SELECT entry_id FROM usage_events").Select(row => row["entry_id"]).Should().Equal("e2");
    }

    [Fact]
    public void MonthsAreShownAndMadeAhead()
    {
        Cli.Run("fleet", "partitions", "make-ahead", "--months", "5", "--url", _url).Output.Should().Be("3 new partitions.\n");
        var list = Cli.Run("fleet", "partitions", "list", "--url", _url).Output;
        var lines = list.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Should().HaveCount(1 + 6 + 1);
        lines[^1].Should().StartWith("usage_events_default").And.Contain("all others");

        var without = server.MakeDatabase(byMonth: false);
        var refused = Cli.Run("fleet", "partitions", "list", "--url", without);
        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain("made without partitions");
    }

    static UsageEvent At(string id, string time)
    {
        UtcTime.TryParse(time, out var ms).Should().BeTrue();

        return Some.Event(id) with { Key = EventKey.FromEntry(id, ms), EventMs = ms, StartedMs = ms };
    }

    void Append(params UsageEvent[] events)
    {
        using var store = UsageStore.Open(_folder["a.db"]);
        store.Append(new Batch { Events = events });
    }
}
