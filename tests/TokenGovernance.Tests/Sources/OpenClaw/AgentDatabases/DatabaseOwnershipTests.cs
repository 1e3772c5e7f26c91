namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>P was forked to A, A to B: events belong to the session that they were first written in, whatever is read first and what is gone.</summary>
public sealed class DatabaseOwnershipTests : IDisposable
{
    static readonly (string Id, string Time)[] Answers = [("p1", "10:05"), ("a1", "11:05"), ("b1", "12:05")];

    readonly Scene _scene = new();

    public static TheoryData<string, bool, bool> Orders()
    {
        var data = new TheoryData<string, bool, bool>();
        foreach (var order in new[] { "pab", "pba", "apb", "abp", "bpa", "bap" })
        {
            data.Add(order, false, false);
            data.Add(order, true, false);
            data.Add(order, true, true);
        }

        return data;
    }

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Orders))]
    public void EveryEventIsInTheSessionThatOwnsIt(string order, bool isSpread, bool isPruned)
    {
        var store = _scene.Home.MakeStore();
        using var passes = _scene.StartPasses();
        foreach (var session in order)
        {
            Write(store, session);
            if (isSpread)
            {
                passes.Run();
            }

            if (isPruned && session == 'p')
            {
                store.Remove("p");
                passes.Run();
            }
        }

        passes.Run();

        Owners().Should().Equal("p1 p agent:main:p", "a1 a agent:main:a", "b1 b agent:main:b");
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
        Owners().Should().Equal("p1 p agent:main:p", "a1 a agent:main:a", "b1 b agent:main:b");
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("ba")]
    public void WhereTheFirstSessionWasGoneBeforeWeCameTheEarliestForkHasItsEvents(string order)
    {
        var store = _scene.Home.MakeStore();
        using var passes = _scene.StartPasses();
        foreach (var session in order)
        {
            Write(store, session);
            passes.Run();
        }

        Owners().Should().Equal("p1 a agent:main:a", "a1 a agent:main:a", "b1 b agent:main:b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SessionsOfTwoAgentsAreWeighedLikeThoseOfOne(bool forkIsFirst)
    {
        var (parent, fork) = (_scene.Home.MakeStoreOf("main"), _scene.Home.MakeStoreOf("aaa"));
        using var passes = _scene.StartPasses();
        if (forkIsFirst)
        {
            Write(fork, 'a');
            passes.Run();
        }

        Write(parent, 'p');
        passes.Run();
        if (!forkIsFirst)
        {
            Write(fork, 'a');
            passes.Run();
        }

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("agent_id")}").Should().Equal("p1 main", "a1 aaa");
        _scene.Events[0].Text("source_file").Should().Be(parent.Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARewindUnderTheSameKeyLeavesEventsWithTheirOwner(bool rewoundIsFirst)
    {
        // The rewound session copies what stays visible; its header is younger, its id would sort first.
        var store = _scene.Home.MakeStore();
        using var passes = _scene.StartPasses();
        Action[] steps =
        [
            () =>
            {
                store.Window("s1", "agent:main:main");
                store.Append("s1", Some.Header("s1", "10:00"), Some.Answer("x1", "10:05"), Some.Answer("x2", "10:06"));
            },
            () =>
            {
                store.Window("s0", "agent:main:main", ("previous_session_id", "s1"), ("reason", "rewind"));
                store.Append("s0", Some.Header("s0", "10:10"), Some.Answer("x1", "10:05"), Some.Answer("x3", "10:11"));
            },
        ];
        foreach (var step in rewoundIsFirst ? steps.Reverse() : steps)
        {
            step();
            passes.Run();
        }

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")}").Should().Equal("x1 s1", "x2 s1", "x3 s0");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AForkInADatabaseOfASessionInAFileIsAFork(bool databaseIsFirst)
    {
        using var passes = _scene.StartPasses();
        Action[] steps =
        [
            () => _scene.Home.Log("p.jsonl.reset.2026-11-21T20-11-12.323Z", Some.Header("p"), Some.Answer("p1", "10:05")),
            () => Write(_scene.Home.MakeStore(), 'a'),
        ];
        foreach (var step in databaseIsFirst ? steps.Reverse() : steps)
        {
            step();
            passes.Run();
        }

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")}").Should().Equal("p1 p", "a1 a");
        _scene.Events[0].Text("source_file").Should().EndWith("323Z");
    }

    [Fact]
    public void AForkTakesOnlyItsOwnEventsToItsChannel()
    {
        var store = _scene.Home.MakeStore();
        store.Window("a", "agent:main:telegram:direct:42", ("channel", "telegram"));
        Write(store, 'a', writesWindow: false);
        _scene.Collect();
        store.Window("p", "agent:main:main", ("channel", "webchat"));
        Write(store, 'p', writesWindow: false);

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("channel")}").Should().Equal("p1 webchat", "a1 telegram");
    }

    [Fact]
    public void AHeaderThatNamesAnotherSessionClaimsNothing()
    {
        var store = _scene.Home.MakeStore();
        store.Append("copy", Some.Header("other", "09:00"), Some.Answer("p1", "10:05"));
        _scene.Collect();
        Write(store, 'p');

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be("p");
    }

    /// <summary>Writes session P, A or B: what its ancestors had when it was forked, then its own answer.</summary>
    static void Write(AgentDatabaseBuilder store, char session, bool writesWindow = true)
    {
        var (id, index) = (session.ToString(), "pab".IndexOf(session, StringComparison.Ordinal));
        if (writesWindow)
        {
            store.Window(id, $"agent:main:{id}");
        }

        var parent = index == 0 ? null : "pab"[index - 1].ToString();
        store.SetGeneration(id, "g1");
        store.Append(id, Some.Header(id, $"{10 + index}:00", parent));
        store.Append(id, [.. Answers[..(index + 1)].Select(answer => Some.Answer(answer.Id, answer.Time))]);
    }

    IEnumerable<string> Owners() =>
        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")} {row.Text("session_key")}");
}
