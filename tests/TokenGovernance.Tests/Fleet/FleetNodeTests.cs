using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Fleet;

/// <summary>Which store a node is: copies of it, backups that are put back, names that are taken, stores that are gone.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetNodeTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly TempFolder _folder = new();
    readonly string _url = server.MakeDatabase();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TwoStoresOfOneHomeCountEachResponseOnce()
    {
        Store("a.db", "e1", "e2");
        Store("b.db", "e1", "e2", "e3");

        (await PushAsync("a.db", "a")).Added.Should().Be(2);
        var second = await PushAsync("b.db", "b");

        (second.Added, second.Shared).Should().Be((1, 2));
        FleetRows.SumsOf(server, _url).Should().Be(FleetRows.SumsOf(_folder["a.db"], _folder["b.db"]));
    }

    [Fact]
    public async Task WhenTheNodeThatCameFirstLosesAResponseTheOthersWordStays()
    {
        Store("a.db", "e1", "e2");
        Store("b.db", "e1");
        await PushAsync("a.db", "a");
        await PushAsync("b.db", "b");

        StoreRows.Execute(_folder["a.db"], "DELETE FROM usage_events");
        await PushAsync("a.db", "a");

        FleetRows.ShouldBeTheUnion(server, _url, allColumns: false, ("a", _folder["a.db"]), ("b", _folder["b.db"]));
        server.Ask(_url, "SELECT count(*) FROM usage_events").Should().Be("1");
        server.Ask(_url, "SELECT count(*) FROM usage_event_copies").Should().Be("0");
    }

    [Fact]
    public async Task NumbersThatDifferUnderOneKeyAreToldAndNotOverwritten()
    {
        Append("a.db", Some.Event("e1"));
        Append("b.db", Some.Event("e1") with { Tokens = new TokenCounts(1, 2, 3, 4, 10, null) });
        await PushAsync("a.db", "a");
        await PushAsync("b.db", "b");

        server.Query(_url, "SELECT total_tokens FROM usage_events").Should().ContainSingle().Which["total_tokens"].Should().Be(123L);
        server.Query(_url, "SELECT total_tokens, other_total_tokens FROM tg_conflicts").Should().ContainSingle().Which["other_total_tokens"].Should().Be(10L);
    }

    [Fact]
    public async Task ABackupThatIsPutBackIsPushedAgainAndWhatItLacksIsSetAside()
    {
        Store("a.db", "e1", "e2");
        await PushAsync("a.db", "a");
        File.Copy(_folder["a.db"], _folder["backup"]);
        Store("a.db", "e3", "e4");
        await PushAsync("a.db", "a");
        File.Copy(_folder["backup"], _folder["a.db"], overwrite: true);
        Store("a.db", "e3", "e5");

        var result = await PushAsync("a.db", "a");

        result.Notes.Should().ContainSingle().Which.Should().Contain("an older copy of the store was put in its place");
        result.SetAside.Should().Be(1);
        server.Query(_url, "SELECT entry_id FROM usage_events ORDER BY 1").Select(row => row["entry_id"]).Should().Equal("e1", "e2", "e3", "e5");
        server.Query(_url, "SELECT entry_id FROM tg_set_aside").Select(row => row["entry_id"]).Should().Equal("e4");
        (await PushAsync("a.db", "a")).Told.Should().Be(0);
    }

    [Fact]
    public async Task AMachineThatWasClonedIsRefusedUntilOneOfTheTwoHasANameOfItsOwn()
    {
        Store("a.db", "e1");
        await PushAsync("a.db", "gateway");
        File.Copy(_folder["a.db"], _folder["clone.db"]);
        Store("a.db", "e2");
        Store("clone.db", "e3");
        await PushAsync("a.db", "gateway");
        await PushAsync("clone.db", "gateway");

        var push = () => PushAsync("a.db", "gateway");
        (await push.Should().ThrowAsync<UserFacingException>()).Which.Message.Should().Contain("Two stores push as node 'gateway'").And.Contain("--take-over gateway");

        var own = await PushAsync("clone.db", "gateway-2");
        own.Notes.Should().ContainSingle().Which.Should().Contain("pushed as 'gateway' too");
        await PushAsync("a.db", "gateway", takeOver: "gateway");
        FleetRows.SumsOf(server, _url).Should().Be(FleetRows.SumsOf(_folder["a.db"], _folder["clone.db"]));
        (await PushAsync("a.db", "gateway")).Told.Should().Be(0);
        (await PushAsync("clone.db", "gateway-2")).Told.Should().Be(0);
    }

    [Fact]
    public async Task ANameThatAnotherStoreHasIsRefusedAndTakenOverOnRequestWithAllThatWasThere()
    {
        Store("lost.db", "e1", "e2");
        await PushAsync("lost.db", "gateway");
        Store("new.db", "e2", "e3");

        var push = () => PushAsync("new.db", "gateway");
        (await push.Should().ThrowAsync<UserFacingException>()).Which.Message.Should().Contain("The name 'gateway' is taken").And.Contain("--take-over gateway");
        await PushAsync("new.db", "gateway", takeOver: "gateway");

        server.Query(_url, "SELECT entry_id FROM usage_events ORDER BY 1").Select(row => row["entry_id"]).Should().Equal("e1", "e2", "e3");
        server.Ask(_url, "SELECT count(*) FROM tg_nodes").Should().Be("1");
    }

    [Fact]
    public async Task KeysOfSessionsArePushedOnlyIfAskedForAndGoAgainWhenNoLongerAskedFor()
    {
        using var store = UsageStore.Open(_folder["a.db"]);
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { SessionKey = "agent:main:whatsapp:direct:+4366012345", SpawnedBy = "agent:main:direct:1" }], Events = [Some.Event("e1")] });

        await PushAsync("a.db", "a");
        Keys().Should().Equal([null, null]);
        await FleetRows.PushAsync(_url, _folder["a.db"], "a", allColumns: true);
        Keys().Should().Equal("agent:main:whatsapp:direct:+4366012345", "agent:main:direct:1");
        (await PushAsync("a.db", "a")).Notes.Should().ContainSingle();
        Keys().Should().Equal([null, null]);

        IEnumerable<object?> Keys() => server.Query(_url, "SELECT session_key, spawned_by FROM usage_events").Single().Values;
    }

    [Fact]
    public async Task CallsOfOtherRuntimesThatNodesSawAtDifferentTimesAreOneResponse()
    {
        var call = Some.Event("c1") with { Key = EventKey.FromCall("claude-code:m1:r1", turnMs: null), Runtime = "claude-code", Turn = new RuntimeTurn("thread", TurnId: null) };
        Append("a.db", call);
        Append("b.db", call with { EventMs = call.EventMs + 40L * 86_400_000 });

        await PushAsync("a.db", "a");
        await PushAsync("b.db", "b");

        FleetRows.SumsOf(server, _url).Should().Be(FleetRows.SumsOf(_folder["a.db"], _folder["b.db"]));
    }

    [Fact]
    public async Task WhatPostgresCannotHoldIsWrittenSoThatItCan()
    {
        Append(
            "a.db",
            Some.Event("e1", model: "a\0b") with { EventMs = null, Key = EventKey.FromText("{}"u8, ms: null), StartedMs = null },
            Some.Event("e2") with { EventMs = 400_000L * 86_400_000 * 365, Key = EventKey.FromEntry("e2", 0) },
            Some.Event(new string('x', 100_000)));
        StoreRows.Execute(_folder["a.db"], "UPDATE event_models SET model = CAST(x'63FF0064' AS TEXT) WHERE hex(model) <> '610062'");

        foreach (var fewRows in new[] { 500, 0 })
        {
            server.Execute(_url, "DELETE FROM usage_events; DELETE FROM tg_nodes");
            (await FleetRows.PushAsync(_url, _folder["a.db"], "a", fewRows: fewRows)).Added.Should().Be(3);
            server.Query(_url, "SELECT model, is_undated FROM usage_events WHERE entry_id = 'e1'").Single().Values.Should().Equal("a\uFFFDb", true);
            server.Ask(_url, "SELECT model FROM usage_events WHERE entry_id = 'e2'").Should().Be("c\uFFFD\uFFFDd");
            server.Ask(_url, "SELECT count(*) FROM usage_events WHERE is_undated").Should().Be("2");
        }
    }

    [Fact]
    public async Task QuotaReadingsArePushedOnce()
    {
        using var store = UsageStore.Open(_folder["a.db"]);
        store.Append([Reading(10), Reading(20)], TimeSpan.Zero);
        (await PushAsync("a.db", "a")).Snapshots.Should().Be(2);
        store.Append([Reading(30)], TimeSpan.Zero);
        (await PushAsync("a.db", "a")).Snapshots.Should().Be(1);

        server.Query(_url, "SELECT used_percent FROM provider_usage_snapshots ORDER BY id").Select(row => row["used_percent"]).Should().Equal(10.0, 20.0, 30.0);
    }

    static QuotaSnapshot Reading(double percent) => new()
    {
        TakenMs = Some.Ms("10:00") + (long)percent,
        Provider = "stubai",
        Kind = SnapshotKind.Window,
        WindowLabel = "5h",
        UsedPercent = percent,
        Home = Some.Home,
    };

    void Store(string db, params string[] ids) => Append(db, [.. ids.Select((id, i) => Some.Event(id, time: $"10:0{id[^1]}"))]);

    void Append(string db, params UsageEvent[] events)
    {
        using var store = UsageStore.Open(_folder[db]);
        store.Append(new Batch { Events = events });
    }

    Task<TokenGovernance.Fleet.PushResult> PushAsync(string db, string name, string? takeOver = null) => FleetRows.PushAsync(_url, _folder[db], name, takeOver: takeOver);
}
