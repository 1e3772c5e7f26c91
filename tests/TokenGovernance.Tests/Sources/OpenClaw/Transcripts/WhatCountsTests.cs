namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>An event is an assistant's message with a usage object that came from a model; nothing else is.</summary>
public sealed class WhatCountsTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("\"api\":\"openai-completions\",\"provider\":\"openclaw\",\"model\":\"gateway-injected\"")]
    [InlineData("\"api\":\"openai-completions\",\"provider\":\"openclaw\",\"model\":\"delivery-mirror\"")]
    [InlineData("\"api\":\"openclaw-transcript\",\"provider\":\"stubai\",\"model\":\"stub-a\"")]
    [InlineData("\"api\":\"openclaw-transcript\"")]
    public void MessagesOfOpenClawItselfAreNoResponses(string about)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", about: about), Some.Answer("a2"));

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a2");
    }

    [Theory]
    [InlineData("\"role\":\"toolResult\",\"usage\":{\"input\":999}")]
    [InlineData("\"role\":\"toolResult\",\"details\":{\"usage\":{\"input\":999}}")]
    [InlineData("\"role\":\"assistant\",\"details\":{\"usage\":{\"input\":999}}")]
    [InlineData("\"role\":\"assistant\",\"content\":[{\"usage\":{\"input\":999}}]")]
    [InlineData("\"role\":\"assistant\",\"content\":\"{\\\"usage\\\":{\\\"input\\\":999}}\"")]
    [InlineData("\"role\":\"user\",\"usage\":{\"input\":999}")]
    [InlineData("\"usage\":{\"input\":999}")]
    [InlineData("\"role\":[\"assistant\"],\"usage\":{\"input\":999}")]
    [InlineData("\"role\":\"assistant\",\"usage\":null")]
    [InlineData("\"role\":\"assistant\",\"usage\":[1]")]
    [InlineData("\"role\":\"assistant\",\"usage\":999")]
    public void UsageElsewhereIsADecoy(string message)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Message("d1", "10:03", message), Some.Answer("a1"));

        var pass = _scene.Collect();

        pass.BadLines.Should().Be(0);
        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Theory]
    [InlineData("""{"type":"message","id":"d1","usage":{"input":999}}""")]
    [InlineData("""{"type":"message","id":"d1","message":"assistant","usage":{"input":999}}""")]
    [InlineData("""{"type":"compaction","id":"d1","usage":{"input":999},"summary":"x"}""")]
    [InlineData("""[{"message":{"role":"assistant","usage":{"input":999}}}]""")]
    public void AnEntryWithoutAMessageIsNone(string line)
    {
        _scene.Home.Log("s1.jsonl", line, Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void UsageProviderAndModelMaySitOnTheEntry()
    {
        const string entry = """
            "provider":"p1","model":"m1","usage":{"input":7,"cost":{"total":0.5}},
            """;
        _scene.Home.Log("s1.jsonl", Some.Message("a1", "10:05", "\"role\":\"assistant\"", entry));

        _scene.Collect();

        _scene.Event.Show("model_provider", "model", "input_tokens", "cost_total").Should()
            .Equal("model_provider=p1", "model=m1", "input_tokens=7", "cost_total=0.5");
    }

    [Fact]
    public void TheMessagesUsageProviderAndModelWinOverTheEntrys()
    {
        const string entry = """
            "provider":"p1","model":"m1","usage":{"input":7},
            """;
        const string message = """
            "role":"assistant","provider":"p2","model":"m2","usage":{"input":8}
            """;
        _scene.Home.Log("s1.jsonl", Some.Message("a1", "10:05", message, entry));

        _scene.Collect();

        _scene.Event.Show("model_provider", "model", "input_tokens").Should().Equal("model_provider=p2", "model=m2", "input_tokens=8");
    }

    [Fact]
    public void AFailedResponseWithoutTokensCounts()
    {
        const string about = """
            "provider":"stubai","model":"stub-a","stopReason":"error","errorMessage":"quota"
            """;
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: """{"input":0,"output":0,"totalTokens":0}""", about: about));

        _scene.Collect();

        _scene.Event.Show("stop_reason", "total_tokens").Should().Equal("stop_reason=error", "total_tokens=0");
    }

    [Fact]
    public void EveryAnswerOfATurnWithToolsIsAnEvent()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", about: "\"stopReason\":\"toolUse\""), Some.Answer("a2", about: "\"stopReason\":\"stop\""));

        _scene.Collect();

        _scene.Events.Select(row => row.Text("stop_reason")).Should().Equal("toolUse", "stop");
    }

    [Fact]
    public void WhatLaterVersionsAddIsKept()
    {
        const string about = """
            "provider":"p","model":"m","responseId":"resp-1","responseModel":"m-2026-11","__openclaw":{"x":[1],"runId":"run-7"}
            """;
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: """{"output":9,"reasoningTokens":4,"contextUsage":{"input":5}}""", about: about));

        _scene.Collect();

        _scene.Event.Show("response_id", "response_model", "run_id", "reasoning_tokens", "input_tokens").Should()
            .Equal("response_id=resp-1", "response_model=m-2026-11", "run_id=run-7", "reasoning_tokens=4", "input_tokens=NULL");
    }

    [Fact]
    public void FieldsInAnyOrderAndSpacingAreTheSameEntry()
    {
        const string line = """
            { "message" : { "usage" : { "output" : 2 , "input" : 1 } , "model" : "m" , "role" : "assistant" } , "timestamp" : "2026-11-21T10:05:00.000Z" , "id" : "a1" , "type" : "message" }
            """;
        _scene.Home.Log("s1.jsonl", line);

        _scene.Collect();

        _scene.Event.Show("entry_id", "model", "input_tokens").Should().Equal("entry_id=a1", "model=m", "input_tokens=1");
    }

    [Fact]
    public void NamesWithEscapesQuotesAndHugeLengthsAreReadAndBounded()
    {
        var huge = new string('m', 50_000);
        _scene.Home.Log(
            "s1.jsonl",
            Some.Answer("a1", about: "\"model\":\"gr\\u00fcn \\\"x\\\"\\n\""),
            Some.Answer("a2", about: $"\"model\":\"{huge}\""),
            Some.Answer("a3", about: "\"model\":\"half \\ud83d pair\""));

        _scene.Collect();

        var models = _scene.Events.Select(row => row.Text("model")!).ToList();
        models[0].Should().Be("grün \"x\"\n");
        models[1].Should().Be(huge[..1024]);
        models[2].Should().StartWith("half ");
    }

    [Fact]
    public void DeepNestingLosesNothing()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", about: $"\"details\":{deep}"));

        _scene.Collect().BadLines.Should().Be(0);

        _scene.Events.Should().ContainSingle();
    }
}
