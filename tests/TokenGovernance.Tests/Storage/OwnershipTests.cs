using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>P was forked to A, and A to B: each event belongs to the session that it was first written in, whatever is read first.</summary>
public sealed class OwnershipTests : IDisposable
{
    // Written in P at 10:05, in A at 11:05, in B at 12:05; each fork has copied what was there before.
    static readonly Dictionary<string, string[]> Transcripts = new()
    {
        ["p"] = ["10:05"],
        ["a"] = ["10:05", "11:05"],
        ["b"] = ["10:05", "11:05", "12:05"],
    };

    readonly TempFolder _folder = new();

    public static TheoryData<string, bool> Orders()
    {
        var data = new TheoryData<string, bool>();
        foreach (var order in new[] { "pab", "pba", "apb", "abp", "bpa", "bap" })
        {
            data.Add(order, true);
            data.Add(order, false);
        }

        return data;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Orders))]
    public void EveryEventIsInTheSessionThatOwnsIt(string order, bool together)
    {
        Store(order, together, session => Info(session, session switch { "p" => "10:00", "a" => "11:00", _ => "12:00" }));

        Owners().Should().Equal("p", "a", "b");
        StoreRows.Events(_folder["usage.db"]).Select(row => row.Text("source_file")).Should()
            .Equal("/x/p.jsonl", "/x/a.jsonl", "/x/b.jsonl");
        Copies().Should().Equal("10:05 a", "10:05 b", "11:05 b");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void WithoutTheFirstTranscriptsHeaderTheForksStillClaimNoMoreThanTheirs(string order, bool together)
    {
        Store(order, together, session => Info(session, session switch { "p" => null, "a" => "11:00", _ => "12:00" }));

        // Nobody may claim what is older than every header; then the earliest known header decides.
        Owners().Should().Equal("a", "a", "b");
    }

    [Theory]
    [InlineData("ab", true)]
    [InlineData("ba", true)]
    [InlineData("ab", false)]
    [InlineData("ba", false)]
    public void WhereTheFirstTranscriptIsGoneTheEarliestForkHasItsEvents(string order, bool together)
    {
        Store(order, together, session => Info(session, session is "a" ? "11:00" : "12:00"));

        Owners().Should().Equal("a", "a", "b");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void WithoutAnyHeaderTheOrderOfReadingStillDecidesNothing(string order, bool together)
    {
        Store(order, together, session => Info(session, null));

        Owners().Should().Equal("a", "a", "b");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void OfTwoHeadersOfOneMomentTheOneThatIsNoForkHasTheEvent(string order, bool together)
    {
        Store(order, together, session => Info(session, "10:00") with { IsFork = session is not "p" });

        Owners().Should().Equal("p", "a", "b");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void AHeaderThatBecomesKnownLaterMovesTheEvents(string order, bool together)
    {
        Store(order, together, session => Info(session, null));

        using var store = UsageStore.Open(_folder["usage.db"]);
        foreach (var session in order.Reverse())
        {
            store.Append(new Batch { Sessions = [Info($"{session}", session switch { 'p' => "10:00", 'a' => "11:00", _ => "12:00" })] });
        }

        Owners().Should().Equal("p", "a", "b");
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void AttributionMovesWithTheEvent(string order, bool together)
    {
        Store(order, together, session => Info(session, session switch { "p" => "10:00", "a" => "11:00", _ => "12:00" }) with
        {
            SessionKey = $"agent:main:{session}chat:direct:{session}",
            Channel = $"{session}chat",
            OriginProvider = session is "p" ? null : session,
        });

        StoreRows.Events(_folder["usage.db"]).Select(row => string.Join(' ', row.Show("session_key", "channel", "origin_provider"))).Should().Equal(
            "session_key=agent:main:pchat:direct:p channel=pchat origin_provider=NULL",
            "session_key=agent:main:achat:direct:a channel=achat origin_provider=a",
            "session_key=agent:main:bchat:direct:b channel=bchat origin_provider=b");
    }

    [Fact]
    public void TheRuleIsATotalOrderOverSessions()
    {
        long?[] starts = [null, Some.Ms("10:00"), Some.Ms("11:00")];
        var claims = (
            from start in starts
            from fork in new[] { false, true }
            from agent in new[] { "main", "research" }
            from session in new[] { "s1", "s2" }
            select new OwnershipClaim(start, fork, agent, session)).ToList();

        foreach (long? ms in new long?[] { null, Some.Ms("09:00"), Some.Ms("10:30"), Some.Ms("12:00") })
        {
            foreach (var (a, b) in claims.SelectMany(a => claims.Select(b => (a, b))))
            {
                var either = (OwnershipRule.Outranks(a, b, ms) ? 1 : 0) + (OwnershipRule.Outranks(b, a, ms) ? 1 : 0);
                either.Should().Be(a == b ? 0 : 1, $"of {a} and {b} one is better at {ms}");
            }

            // The best of all is best of any three as well: no circle.
            claims.Should().Contain(best => claims.All(other => other == best || OwnershipRule.Outranks(best, other, ms)));
        }
    }

    void Store(string order, bool together, Func<string, SessionInfo> info)
    {
        var batches = order.Select(session => new Batch
        {
            Sessions = [info($"{session}")],
            Events = [.. Transcripts[$"{session}"].Select(time => Event(time, $"{session}"))],
        });
        if (together)
        {
            using var store = UsageStore.Open(_folder["usage.db"]);
            store.Append(batches);

            return;
        }

        foreach (var batch in batches)
        {
            using var store = UsageStore.Open(_folder["usage.db"]);
            store.Append(batch);
        }
    }

    static SessionInfo Info(string session, string? started) =>
        new(Some.Session(session)) { StartedMs = started is null ? null : Some.Ms(started) };

    static UsageEvent Event(string time, string session) => new()
    {
        Key = EventKey.FromEntry(time, Some.Ms(time)),
        EntryId = time,
        Session = Some.Session(session),
        EventMs = Some.Ms(time),
        SourceFile = $"/x/{session}.jsonl",
        SourceLineNo = 2,
    };

    IEnumerable<string?> Owners() => StoreRows.Events(_folder["usage.db"]).Select(row => row.Text("session_id"));

    IEnumerable<string> Copies() => StoreRows.Query(_folder["usage.db"], """
        SELECT e.entry_id, s.session_id FROM event_copies c JOIN usage_events e ON e.id = c.event_id JOIN sessions s ON s.id = c.session_ref
        ORDER BY 1, 2
        """).Select(row => $"{row.Text("entry_id")} {row.Text("session_id")}");
}
