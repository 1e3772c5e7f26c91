namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Channel, chat type, key and lineage of an event: from the index, else from the key; late facts fill, never overwrite.</summary>
public sealed class MetadataTests : IDisposable
{
    readonly Scene _scene = new();

    public MetadataTests() => _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("\"channel\":\"d\",\"route\":{\"channel\":\"c\"},\"deliveryContext\":{\"channel\":\"b\"},\"lastChannel\":\"a\"", "a")]
    [InlineData("\"channel\":\"d\",\"route\":{\"channel\":\"c\"},\"deliveryContext\":{\"to\":\"x\",\"channel\":\"b\"}", "b")]
    [InlineData("\"channel\":\"d\",\"route\":{\"channel\":\"c\"}", "c")]
    [InlineData("\"channel\":\"d\",\"route\":{},\"deliveryContext\":{},\"lastChannel\":\"\"", "d")]
    [InlineData("\"channel\":\"d\",\"route\":null,\"deliveryContext\":[1],\"lastChannel\":5", "d")]
    [InlineData("\"updatedAt\":5", "telegram")]
    public void TheChannelIsTheLastElseTheDeliverysElseTheRoutesElseTheEntrysElseTheKeys(string fields, string channel)
    {
        Index("agent:main:telegram:direct:4242", fields);

        _scene.Collect();

        _scene.Event.Text("channel").Should().Be(channel);
    }

    [Theory]
    [InlineData("\"chatType\":\"group\",\"origin\":{\"chatType\":\"channel\",\"provider\":\"slack\"}", "group", "slack")]
    [InlineData("\"origin\":{\"label\":\"x\",\"chatType\":\"channel\",\"provider\":\"slack\"}", "channel", "slack")]
    [InlineData("\"origin\":{}", "direct", null)]
    public void TheChatTypeIsTheEntrysElseTheOriginsElseTheKeys(string fields, string chatType, string? origin)
    {
        Index("agent:main:telegram:direct:4242", fields);

        _scene.Collect();

        (_scene.Event.Text("chat_type"), _scene.Event.Text("origin_provider")).Should().Be((chatType, origin));
    }

    [Fact]
    public void LineageIsKept()
    {
        Index("agent:main:subagent:1", "\"spawnedBy\":\"agent:main:main\",\"parentSessionKey\":\"agent:main:forky\"");

        _scene.Collect();

        _scene.Event.Show("spawned_by", "parent_session_key", "trigger").Should()
            .Equal("spawned_by=agent:main:main", "parent_session_key=agent:main:forky", "trigger=subagent");
    }

    [Theory]
    [InlineData("agent:main:cron:job-7", "agent:main:cron:job-7:run:s1")]
    [InlineData("agent:main:cron:job-7:run:s1", "agent:main:cron:job-7")]
    public void OfTwoKeysThatShareASessionTheShorterIsItsOwn(string first, string second)
    {
        _scene.Home.Index($$"""
            { "{{first}}": { "sessionId": "s1" }, "{{second}}": { "sessionId": "s1", "chatType": "direct" } }
            """);

        _scene.Collect();

        _scene.Event.Show("session_key", "job_id", "trigger", "chat_type").Should()
            .Equal("session_key=agent:main:cron:job-7", "job_id=job-7", "trigger=cron", "chat_type=direct");
    }

    [Theory]
    [InlineData("agent:main:main", null, null, null, null)]
    [InlineData("agent:main:telegram:direct:1", "telegram", "direct", "user", null)]
    [InlineData("agent:main:cron:nightly", null, null, "cron", "nightly")]
    [InlineData("cron:nightly", null, null, "cron", "nightly")]
    [InlineData("agent:main:cron:heartbeat-main", null, null, "heartbeat", "heartbeat-main")]
    [InlineData("agent:main:hook:1", null, null, "hook", null)]
    [InlineData("hook:1", null, null, "hook", null)]
    [InlineData("agent:main:openai-user:jane", null, null, "api", null)]
    [InlineData("agent:main:explicit:s1", null, null, "cli", null)]
    public void WhereMetadataIsSilentTheKeyTells(string key, string? channel, string? chatType, string? trigger, string? job)
    {
        Index(key, "\"updatedAt\":5");

        _scene.Collect();

        var row = _scene.Event;
        (row.Text("channel"), row.Text("chat_type"), row.Text("trigger"), row.Text("job_id")).Should().Be((channel, chatType, trigger, job));
        row.Text("session_key").Should().Be(key);
    }

    [Fact]
    public void LateMetadataFillsWhatWasUnknown()
    {
        _scene.Collect();
        _scene.Event.Show("session_key", "channel", "trigger").Should().OnlyContain(cell => cell.EndsWith("=NULL"));

        Index("agent:main:telegram:direct:1", "\"origin\":{\"provider\":\"telegram\"}");
        var stored = _scene.Collect().Stored;

        (stored.Added, stored.Enriched).Should().Be((0, 1));
        _scene.Event.Show("session_key", "channel", "chat_type", "origin_provider", "trigger").Should().Equal(
            "session_key=agent:main:telegram:direct:1", "channel=telegram", "chat_type=direct", "origin_provider=telegram", "trigger=user");
    }

    [Fact]
    public void LateMetadataOverwritesNothing()
    {
        Index("agent:main:main", "\"lastChannel\":\"webchat\"");
        _scene.Collect();

        Index("agent:main:main", "\"lastChannel\":\"telegram\",\"chatType\":\"direct\"");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("channel")}/{row.Text("chat_type")}").Should().Equal("webchat/direct", "telegram/direct");
    }

    [Fact]
    public void MetadataThatGoesAwayTakesNothingWithIt()
    {
        Index("agent:main:telegram:direct:1", "\"chatType\":\"direct\"");
        _scene.Collect();

        _scene.Home.Index("{}");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        _scene.Collect();

        _scene.Events.Should().OnlyContain(row => row.Text("session_key") == "agent:main:telegram:direct:1" && row.Text("channel") == "telegram");
    }

    [Fact]
    public void ASessionThatAMovedIndexNamesIsFoundByItsFileName()
    {
        _scene.Home.Index("""{"agent:main:main":{"sessionId":"s7","sessionFile":"/another/machine/.openclaw/agents/main/sessions/s1.jsonl"}}""");

        _scene.Collect();

        _scene.Event.Show("session_id", "session_key").Should().Equal("session_id=s7", "session_key=agent:main:main");
    }

    [Fact]
    public void AnUnchangedIndexIsKnownToTheNextProcessToo()
    {
        _scene.Home.Index("""{"agent:main:main":{"sessionId":"s7","sessionFile":"/x/s1.jsonl","channel":"webchat"}}""");
        using (var first = _scene.StartPasses(new LaterClock()))
        {
            first.Run();
        }

        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        using var second = _scene.StartPasses(new LaterClock());
        second.Run();

        _scene.Events.Select(row => $"{row.Text("session_id")} {row.Text("channel")}").Should().Equal("s7 webchat", "s7 webchat");
    }

    [Fact]
    public void TwoHomesWithTheSameSessionNamesStayApart()
    {
        var other = new TestHome(_scene.Folder["other"]);
        other.Log("s1.jsonl", Some.Header("s1"), Some.Answer("b1", "10:06"));
        other.Index("""{"agent:main:main":{"sessionId":"s1","channel":"slack"}}""");

        _scene.Collect();
        _scene.CollectFrom(other.Path);

        _scene.Events.Select(row => row.Text("channel")).Should().Equal(null, "slack");
        _scene.Events.Select(row => row.Text("home")).Should().Equal(_scene.Home.Path, other.Path);
    }

    void Index(string key, string fields) => _scene.Home.Index($$"""
        { "{{key}}": { "sessionId": "s1", "skillsSnapshot": { "prompt": "lorem", "channel": "x" }, {{fields}} } }
        """);
}
