using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Runtimes.ClaudeCode;

namespace TokenGovernance.Tests.Sources.Runtimes.ClaudeCode;

/// <summary>Lines of Claude Code's sessions: each response once.</summary>
public sealed class ClaudeWalkerTests
{
    const string Root = "openclaw-2026.9.6-codex";

    [Fact]
    public void EveryCallOfTheRealProgramIsCountedOnce()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Fixture.PathOf($"{Root}/expected.json")));
        var calls = expected.RootElement.GetProperty("calls").EnumerateArray().Where(call => call.GetProperty("runtime").GetString() == "claude-cli");

        var found = Files().SelectMany(lines => Walk(lines));

        found.Select(Describe).Should().BeEquivalentTo(calls.Select(call =>
            $"{Text(call, "response_id")} {Text(call, "ts")} {Text(call, "model")} {call.GetProperty("input")}+{call.GetProperty("cache_read")}+{call.GetProperty("cache_write")}+{call.GetProperty("output")}={call.GetProperty("total")} ({Text(call, "reasoning")})"));
    }

    [Fact]
    public void WhereReadingIsInterruptedMakesNoDifference()
    {
        foreach (var lines in Files())
        {
            for (var seed = 0; seed < 20; seed++)
            {
                var random = new Random(seed);
                Walk(lines, _ => random.Next(2) == 0).Should().Equal(Walk(lines), $"of seed {seed}");
            }
        }
    }

    [Fact]
    public void ALineForEachBlockIsOneCall() =>
        Walk([Answer("m1", 10), Answer("m1", 10), Answer("m2", 10), Answer("m2", 10)]).Should().HaveCount(2);

    [Fact]
    public void AForkedSessionRepeatsTheSameCalls() =>
        Walk([Answer("m1", 10), Answer("m2", 10)]).Concat(Walk([Answer("m1", 10), Answer("m2", 10), Answer("m3", 10)]))
            .DistinctBy(call => call.Key).Should().HaveCount(3);

    [Fact]
    public void OneMessageIdOfTwoRequestsIsTwoCalls() =>
        Walk([Answer("m1", 10, ",\"requestId\":\"r1\""), Answer("m1", 10, ",\"requestId\":\"r2\"")]).DistinctBy(call => call.Key).Should().HaveCount(2);

    [Fact]
    public void ALaterLineMayTellOfMoreOutput() =>
        Walk([Answer("m1", 1), Answer("m1", 1), Answer("m1", 50)]).Select(call => call.Tokens.Output).Should().Equal(1, 50);

    [Fact]
    public void ClaudesOwnMessagesAreNoCalls() => Walk([Answer("m1", 0).Replace("claude-x", "<synthetic>")]).Should().BeEmpty();

    [Theory]
    [InlineData("""{"type":"user","toolUseResult":{"usage":{"input_tokens":5},"role":"assistant"},"message":{"id":"m","usage":{"input_tokens":1}}}""")]
    [InlineData("""{"type":"assistant","message":{"id":"m","usage":null}}""")]
    [InlineData("""{"type":"assistant","message":{"usage":{"input_tokens":1}}}""")]
    [InlineData("""{"type":"assistant","message":["usage"]}""")]
    public void WhatIsShapedOtherwiseIsNoCall(string line) => Walk([line]).Should().BeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("""{"type":"assistant","message":{"id":"m","usage":{"input_tokens":1""")]
    [InlineData("""["usage","assistant"]""")]
    public void WhatIsNoObjectIsABadLine(string line) =>
        new ClaudeWalker(new ClaudeState()).TryRead(Encoding.UTF8.GetBytes(line), out _, out _).Should().BeFalse();

    static string Answer(string id, long output, string more = "") =>
        $$$"""{"parentUuid":"u","message":{"id":"{{{id}}}","role":"assistant","model":"claude-x","content":[],"usage":{"input_tokens":3,"cache_read_input_tokens":20,"cache_creation_input_tokens":7,"output_tokens":{{{output}}}}},"type":"assistant","cwd":"/w","timestamp":"{{{Some.Time("10:05")}}}"{{{more}}}}""";

    static IEnumerable<string[]> Files() =>
        Directory.EnumerateFiles(Fixture.PathOf($"{Root}/claude-projects"), "*.jsonl", SearchOption.AllDirectories).Select(File.ReadAllLines);

    static List<ClaudeCall> Walk(string[] lines, Func<int, bool>? splits = null)
    {
        var state = new ClaudeState();
        var calls = new List<ClaudeCall>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (splits?.Invoke(i) == true)
            {
                state = JsonSerializer.Deserialize(
                    JsonSerializer.Serialize(state, ClaudeCheckpointJson.Default.ClaudeState), ClaudeCheckpointJson.Default.ClaudeState)!;
            }

            new ClaudeWalker(state).TryRead(Encoding.UTF8.GetBytes(lines[i]), out var call, out _).Should().BeTrue($"of line {i}");
            if (call is { } found)
            {
                calls.Add(found);
            }
        }

        return calls;
    }

    static string Describe(ClaudeCall call) =>
        $"{call.MessageId} {UtcTime.Format(call.TimestampMs!.Value)} {call.Model} {call.Tokens.Input}+{call.Tokens.CacheRead}+{call.Tokens.CacheWrite}+{call.Tokens.Output}={call.Tokens.Total} ({call.Tokens.Reasoning})";

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
