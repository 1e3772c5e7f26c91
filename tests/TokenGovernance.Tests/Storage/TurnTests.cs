using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>A turn of another runtime: its calls, OpenClaw's account of it, and never both in full.</summary>
public sealed class TurnTests : IDisposable
{
    const string Thread = "01a21257-e513-78a3-85bb-7bd815323f03", Turn = "01a21257-e87c-73e0-bc7e-554b11392c7f";

    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAccountThatItsCallsAddUpToGivesWay(bool callsFirst)
    {
        var (added, events) = Store(callsFirst, [Row(300)], [Call("r1", 100), Call("r2", 200)]);

        events.Select(Describe).Should().BeEquivalentTo("call r1 100 s1 run-1", "call r2 200 s1 run-1");
        added.Should().Be(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatItsCallsLeaveOfAnAccountIsKeptAsRemainder(bool callsFirst)
    {
        var (added, events) = Store(callsFirst, [Row(1000)], [Call("r1", 100), Call("r2", 200)]);

        events.Select(Describe).Should().BeEquivalentTo("call r1 100 s1 run-1", "call r2 200 s1 run-1", "remainder  700 s1 run-1");
        events.Sum(row => row.Number("output_tokens")).Should().Be(100);
        added.Should().Be(3);
    }

    [Fact]
    public void AnAccountOfWhichNoCallIsKnownStandsForItsTurn()
    {
        var (_, events) = Store(false, [Row(1000)], []);

        events.Select(Describe).Should().Equal("turn  1000 s1 run-1");
        events[0].Text("thread_id").Should().Be(Thread);
        events[0].Text("turn_id").Should().Be(Turn);
    }

    [Fact]
    public void TheLastCallOnlyThatOlderVersionsWroteGivesWayToo()
    {
        var (_, events) = Store(false, [Row(200)], [Call("r1", 100), Call("r2", 200)]);

        events.Sum(row => row.Number("total_tokens")).Should().Be(300);
        events.Should().OnlyContain(row => row.Text("scope") == "call");
    }

    [Fact]
    public void ARemainderShrinksAndGoesAsMoreCallsAreRead()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Row(300)] }, new Batch { Events = [Call("r1", 100)] });
        var remainder = StoreRows.Events(Db).Single(row => row.Text("scope") == "remainder");
        remainder.Number("total_tokens").Should().Be(200);

        store.Append(new Batch { Events = [Call("r2", 150)] });
        StoreRows.Events(Db).Single(row => row.Text("scope") == "remainder").Number("total_tokens").Should().Be(50);
        StoreRows.Events(Db).Single(row => row.Text("scope") == "remainder")["event_key"].Should().BeEquivalentTo(remainder["event_key"]);

        store.Append(new Batch { Events = [Call("r3", 50)] });
        StoreRows.Events(Db).Should().HaveCount(3).And.OnlyContain(row => row.Text("scope") == "call");
        RollupRows.ShouldBeTheEvents(Db);
    }

    [Fact]
    public void AnAccountThatGaveWayIsNotCountedWhenItIsReadAgain()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Row(300)] }, new Batch { Events = [Call("r1", 300)] });

        var result = store.Append(new Batch { Events = [Row(300)] });

        (result.Added, result.Known).Should().Be((0, 1));
        StoreRows.Events(Db).Should().ContainSingle();
    }

    [Fact]
    public void TheCostOfAnAccountStaysWhenItsTokensAreThoseOfCalls()
    {
        using var store = UsageStore.Open(Db);
        store.Append(
            new Batch { Events = [Row(300) with { Cost = new Cost(null, null, null, null, 0.25, CostClass.ProviderBilled) }] },
            new Batch { Events = [Call("r1", 300)] });

        StoreRows.Events(Db).Select(row => $"{row.Text("scope")} {row.Number("total_tokens")} {row["cost_total"]}")
            .Should().BeEquivalentTo("call 300 ", "remainder 0 0.25");
    }

    [Fact]
    public void FollowersHearOfAnAccountThatWent()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Row(300)] });
        store.Append(new Batch { Events = [Call("r1", 300)] });

        StoreRows.Query(Db, "SELECT removed_key FROM event_changes WHERE removed_key IS NOT NULL").Single()["removed_key"]
            .Should().BeEquivalentTo(Row(300).Key.ToBytes());
    }

    [Fact]
    public void ACallOfASubagentBelongsToTheSessionOfTheTurnItWorksFor()
    {
        const string childThread = "01a2125a-66f5-77f3-87b8-db1f495bf168", childTurn = "01a2125a-7000-7000-8000-000000000001";
        var child = Call("r9", 50) with
        {
            Key = EventKey.FromCall("child", null),
            Turn = new RuntimeTurn(childThread, childTurn) { RootThreadId = Thread, RootTurnId = Turn },
        };
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [child] });
        StoreRows.Events(Db).Single().Text("session_id").Should().BeNull();

        store.Append(new Batch { Events = [Row(300)] });

        StoreRows.Events(Db).Select(Describe).Should().BeEquivalentTo("turn  300 s1 run-1", "call r9 50 s1 run-1");
    }

    [Fact]
    public void ATurnWithoutAnAccountBelongsToTheSessionOfItsThread()
    {
        const string failed = "01a21257-e900-7000-8000-000000000001";
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Call("r1", 300), Call("r2", 20) with { Key = EventKey.FromCall("x", null), Turn = new RuntimeTurn(Thread, failed) }, Row(300)] });

        StoreRows.Events(Db).Select(Describe).Should().BeEquivalentTo("call r1 300 s1 run-1", "call r2 20 s1 ");
    }

    [Fact]
    public void OfSeveralSightingsTheOneThatIsNoCopyTellsThreadTimeAndModel()
    {
        var copy = Call("r1", 300) with { EventMs = Some.Ms("09:00"), Model = "later", Turn = new RuntimeTurn(null, Turn) };
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [copy] }, new Batch { Events = [Call("r1", 300)] }, new Batch { Events = [copy] });

        var row = StoreRows.Events(Db).Single();
        row.Show("thread_id", "event_ts", "model").Should().Equal($"thread_id={Thread}", $"event_ts={Some.Time("10:05")}", "model=gpt-x");
        RollupRows.ShouldBeTheEvents(Db);
    }

    [Fact]
    public void ToolCallsThatAnEarlierVersionCountedGo()
    {
        using var store = UsageStore.Open(Db);
        var tool = Row(0) with { Key = EventKey.FromEntry("tool", Some.Ms("10:05")), Tokens = new TokenCounts(0, 0, 0, 0, 0, null) };
        store.Append(new Batch { Events = [tool with { Runtime = RuntimeName.OpenClaw, Scope = EventScope.Call, Turn = null }] });

        store.Append(new Batch { Events = [tool with { Scope = EventScope.Part }] });

        StoreRows.Events(Db).Should().BeEmpty();
        RollupRows.ShouldBeTheEvents(Db);
    }

    [Fact]
    public void ADeletedTurnStaysDeleted()
    {
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Row(1000)] });
        }

        StoreRows.Execute(Db, "DELETE FROM usage_events");
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Row(1000)] }, new Batch { Events = [Call("r1", 100)] });
        }

        StoreRows.Events(Db).Select(Describe).Should().Equal("call r1 100 s1 run-1");
    }

    internal static UsageEvent Row(long total, string id = "row", string session = "s1", string turn = Turn) => Some.Event(id, session, "10:06") with
    {
        Model = "gpt-x",
        Runtime = RuntimeName.Codex,
        Scope = EventScope.Turn,
        RunId = "run-1",
        Turn = new RuntimeTurn(Thread, turn),
        Tokens = Tokens(total),
        Cost = new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded),
    };

    internal static UsageEvent Call(string response, long total, string turn = Turn) => new()
    {
        Key = EventKey.FromCall($"{turn}:{response}", null),
        Session = new SessionIdentity(Some.Home, "main", SessionIdentity.Unknown),
        EventMs = Some.Ms("10:05"),
        ModelProvider = "stubai",
        Model = "gpt-x",
        ResponseId = response,
        Runtime = RuntimeName.Codex,
        Turn = new RuntimeTurn(Thread, turn) { RootThreadId = Thread, RootTurnId = turn },
        Tokens = Tokens(total),
        SourceFile = "/x/rollout.jsonl",
        SourceLineNo = 3,
    };

    static TokenCounts Tokens(long total) => new(total - total / 10, total / 10, 0, 0, total, 0);

    static string Describe(Row row) =>
        $"{row.Text("scope")} {row.Text("response_id")} {row.Number("total_tokens")} {row.Text("session_id")} {row.Text("run_id")}";

    (long Added, IReadOnlyList<Row> Events) Store(bool callsFirst, UsageEvent[] rows, UsageEvent[] calls)
    {
        using var store = UsageStore.Open(Db);
        var (first, then) = callsFirst ? (calls, rows) : (rows, calls);
        var added = store.Append(new Batch { Events = first }).Added + store.Append(new Batch { Events = then }).Added;
        RollupRows.ShouldBeTheEvents(Db);

        return (added, StoreRows.Events(Db));
    }
}
