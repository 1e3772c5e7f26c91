namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Trajectories repeat usage, which is never counted; their `session.started` records are evidence.</summary>
public sealed class TrajectoryTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("manual", "agent:main:main", "manual")]
    [InlineData("memory", "agent:main:telegram:direct:1", "memory")]
    [InlineData("user", "agent:main:explicit:s1", "cli")]
    [InlineData("memory", "agent:main:explicit:s1", "memory")]
    [InlineData("user", "agent:main:hook:1", "hook")]
    [InlineData("cron", "agent:main:hook:1", "hook")]
    [InlineData("cron", "agent:main:cron:heartbeat-main", "heartbeat")]
    [InlineData("cron", "agent:main:cron:nightly", "cron")]
    public void ARunSaysWhatStartedIt(string said, string key, string trigger)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", key, said));

        _scene.Collect();

        _scene.Event.Text("trigger").Should().Be(trigger);
    }

    [Fact]
    public void ItIsTheOnlyTraceOfAnArchivedSessionsKey()
    {
        _scene.Home.Log("s1.jsonl.deleted.2026-11-21T20-11-12.323Z", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s1.trajectory.jsonl.deleted.2026-11-21T20-11-12.323Z", Some.SessionStarted("s1", "agent:main:telegram:direct:7", "user"));

        _scene.Collect();

        _scene.Event.Show("session_key", "channel", "chat_type", "trigger").Should()
            .Equal("session_key=agent:main:telegram:direct:7", "channel=telegram", "chat_type=direct", "trigger=user");
    }

    [Fact]
    public void AnEventBelongsToTheLastRunBeforeItsCallBegan()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a0", "10:00"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:07"));
        _scene.Home.Log(
            "s1.trajectory.jsonl",
            Some.SessionStarted("s1", "agent:main:main", "user", "10:04", "r1"),
            Some.SessionStarted("s1", "agent:main:main", "heartbeat", "10:06", "r2"));

        _scene.Collect();

        _scene.Events.Select(row => row.Text("trigger")).Should().Equal(null, "user", "heartbeat");
    }

    [Fact]
    public void TheRunsOwnIdIsBetterThanItsTime()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", "10:07", about: "\"__openclaw\":{\"runId\":\"r1\"}"));
        _scene.Home.Log(
            "s1.trajectory.jsonl",
            Some.SessionStarted("s1", "agent:main:main", "user", "10:04", "r1"),
            Some.SessionStarted("s1", "agent:main:main", "heartbeat", "10:06", "r2"));

        _scene.Collect();

        _scene.Event.Text("trigger").Should().Be("user");
    }

    [Fact]
    public void ARunThatIsReadLaterImprovesTheEventsThatAreStored()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var passes = _scene.StartPasses();
        passes.Run();
        _scene.Event["trigger"].Should().BeNull();

        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", "agent:main:main", "user"));
        var stored = passes.Run().Stored;

        stored.Added.Should().Be(0);
        stored.Enriched.Should().BePositive();
        _scene.Event.Show("trigger", "session_key").Should().Equal("trigger=user", "session_key=agent:main:main");
    }

    [Fact]
    public void ARunThatIsKnownAlreadyServesLaterEvents()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"));
        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", "agent:main:main", "user"));
        _scene.Collect();
        _scene.Home.Append("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();

        _scene.Event.Text("trigger").Should().Be("user");
    }

    [Fact]
    public void TheKeyOfACronRunIsShortenedToItsJobs()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", "agent:main:cron:job-7:run:s1", "cron"));

        _scene.Collect();

        _scene.Event.Show("session_key", "job_id").Should().Equal("session_key=agent:main:cron:job-7", "job_id=job-7");
    }

    [Fact]
    public void TheIndexKnowsBetterThanATrajectory()
    {
        _scene.Home.Index("""{"agent:main:telegram:direct:1":{"sessionId":"s1","lastChannel":"webchat","chatType":"group"}}""");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", "agent:main:telegram:direct:1", "user"));

        _scene.Collect();

        _scene.Event.Show("channel", "chat_type").Should().Equal("channel=webchat", "chat_type=group");
    }

    [Fact]
    public void BrokenRecordsAreNoEvidenceAndNoBadLines()
    {
        var good = Some.SessionStarted("s1", "agent:main:main", "user");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log(
            "s1.trajectory.jsonl",
            "\"session.started\"",
            good[..^2],
            "{\"type\":\"session.started\"}",
            "{\"type\":\"session.started\",\"ts\":\"never\",\"sessionId\":5,\"data\":[]}",
            good.Replace("\"session.started\"", "\"other\",\"x\":\"session.started\"", StringComparison.Ordinal),
            good.Replace("\"user\"", "\"memory\"", StringComparison.Ordinal));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Failures.Count).Should().Be((0, 0));
        _scene.Event.Text("trigger").Should().Be("memory");
    }
}
