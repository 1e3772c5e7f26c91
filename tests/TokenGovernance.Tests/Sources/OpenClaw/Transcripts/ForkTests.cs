namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Forks as files: who may claim an event, by the header of the transcript.</summary>
public sealed class ForkTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("parent", "fork")]
    [InlineData("fork", "parent")]
    public void AnEventOlderThanTheForksHeaderStaysWithTheParent(string first, string second)
    {
        foreach (var session in new[] { first, second })
        {
            if (session is "parent")
            {
                _scene.Home.Log("parent.jsonl", Some.Header("parent", "10:00"), Some.Answer("a1", "10:05"));
            }
            else
            {
                _scene.Home.Log(
                    "2026-11-21T11-00-00-000Z_fork.jsonl",
                    Some.Header("fork", "11:00", parent: "/x/parent.jsonl"),
                    Some.Answer("a1", "10:05"),
                    Some.Answer("a2", "11:05"));
            }

            _scene.Collect();
        }

        Owners().Should().Equal("parent", "fork");
        _scene.Events[0].Text("source_file").Should().EndWith("parent.jsonl");
    }

    [Fact]
    public void EnrichmentFindsAnEventThatMoved()
    {
        _scene.Home.Log("fork.jsonl", Some.Header("fork", "11:00", parent: "/x/parent.jsonl"), Some.Answer("a1", "10:05"));
        _scene.Collect();
        _scene.Home.Log("parent.jsonl", Some.Header("parent", "10:00"), Some.Answer("a1", "10:05"));
        _scene.Collect();

        _scene.Home.Index("""{"agent:main:slack:direct:1":{"sessionId":"parent"},"agent:main:telegram:direct:2":{"sessionId":"fork"}}""");
        _scene.Collect();

        _scene.Event.Show("session_id", "session_key", "channel", "trigger").Should()
            .Equal("session_id=parent", "session_key=agent:main:slack:direct:1", "channel=slack", "trigger=user");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACompactionBackupClaimsNoOwnership(bool checkpointFirst)
    {
        // Its header is old, its name is the session's; the event in it was first written in another session.
        void Checkpoint() => _scene.Home.Log("s1.checkpoint.986068d9-c2c1.jsonl", Some.Header("s1", "09:00"), Some.Answer("a1", "10:05"));

        if (checkpointFirst)
        {
            Checkpoint();
            _scene.Collect();
        }

        _scene.Home.Log("s2.jsonl", Some.Header("s2", "10:00"), Some.Answer("a1", "10:05"));
        _scene.Collect();
        Checkpoint();
        _scene.Collect();

        Owners().Should().Equal("s2");
    }

    [Fact]
    public void AnEventThatIsOnlyInACheckpointFileIsNotLost()
    {
        _scene.Home.Log("s1.checkpoint.986068d9-c2c1.jsonl", Some.Header("s1", "09:00"), Some.Answer("a1", "10:05"));
        _scene.Home.Log("s1.jsonl", Some.Header("s1", "09:00"), Some.Answer("a2", "10:06"));

        _scene.Collect();

        Owners().Should().Equal("s1", "s1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARewrittenHeaderWithAForeignIdClaimsNothing(bool rewrittenFirst)
    {
        void Rewritten() => _scene.Home.Log("s1.jsonl", Some.Header("foreign", "09:00"), Some.Answer("a1", "10:05"));

        if (rewrittenFirst)
        {
            Rewritten();
            _scene.Collect();
        }

        _scene.Home.Log("s2.jsonl", Some.Header("s2", "10:00"), Some.Answer("a1", "10:05"));
        _scene.Collect();
        Rewritten();
        _scene.Collect();

        Owners().Should().Equal("s2");
    }

    [Fact]
    public void AHeaderThatIsNotTheFirstLineIsNone()
    {
        _scene.Home.Log("s1.jsonl", Some.Question("q1"), Some.Header("s1", "09:00"), Some.Answer("a1", "10:05"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2", "10:00"), Some.Answer("a1", "10:05"));

        _scene.Collect();

        Owners().Should().Equal("s2");
    }

    [Fact]
    public void AHeaderIsRememberedAcrossCheckpoints()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1", "10:00"));
        _scene.Collect();
        _scene.Home.Append("s1.jsonl", Some.Answer("a1", "10:05"));
        _scene.Collect();
        _scene.Home.Log("a-fork.jsonl", Some.Header("a-fork", "11:00"), Some.Answer("a1", "10:05"));
        _scene.Collect();

        Owners().Should().Equal("s1");
    }

    [Fact]
    public void ForksOfForksInManyAgentsAreRightInOnePassToo()
    {
        _scene.Home.LogOf("zeta", "p.jsonl", Some.Header("p", "10:00"), Some.Answer("a1", "10:05"));
        _scene.Home.LogOf("main", "a.jsonl", Some.Header("a", "11:00"), Some.Answer("a1", "10:05"), Some.Answer("a2", "11:05"));
        _scene.Home.LogOf("alpha", "b.jsonl", Some.Header("b", "12:00"), Some.Answer("a1", "10:05"), Some.Answer("a2", "11:05"), Some.Answer("a3", "12:05"));

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("agent_id")} {row.Text("session_id")}").Should().Equal("zeta p", "main a", "alpha b");
    }

    IEnumerable<string?> Owners() => _scene.Events.Select(row => row.Text("session_id"));
}
