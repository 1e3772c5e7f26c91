using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Runtimes.Codex;

namespace TokenGovernance.Tests.Sources.Runtimes.Codex;

/// <summary>Rollouts that the real Codex wrote, call by call.</summary>
public sealed class RolloutFixtureTests
{
    const string Root = "openclaw-2026.9.6-codex";

    static readonly JsonDocument Expected = JsonDocument.Parse(File.ReadAllBytes(Fixture.PathOf($"{Root}/expected.json")));

    [Theory]
    [InlineData("0.144.0", 29, 325_500, 692_875, 501_125)]
    [InlineData("0.154.0", 28, 259_625, 352_125, 381_000)]
    public void CodexAloneIsCountedCallByCall(string version, int calls, long total, long allLast, long allFinal)
    {
        var found = RolloutText.Distinct(WalkAll(Fixture.PathOf($"{Root}/codex-alone/{version}/sessions")));

        found.Select(Describe).Should().BeEquivalentTo(
            Expected.RootElement.GetProperty("codex_alone").GetProperty(version).GetProperty("calls").EnumerateArray().Select(Describe));
        found.Should().HaveCount(calls);
        RolloutText.Total(found).Should().Be(total).And.NotBe(allLast).And.NotBe(allFinal);
    }

    [Fact]
    public void TheHomesRolloutsAreCountedCallByCall()
    {
        var found = RolloutText.Distinct(WalkAll(Fixture.PathOf($"{Root}/home")));

        found.Select(DescribeWithRoot).Should().BeEquivalentTo(
            Expected.RootElement.GetProperty("calls").EnumerateArray()
                .Where(call => call.GetProperty("runtime").GetString() == "codex").Select(DescribeWithRoot));
        RolloutText.Total(found).Should().Be(257_750);
    }

    [Theory]
    [InlineData("codex-alone/0.144.0")]
    [InlineData("codex-alone/0.154.0")]
    [InlineData("home")]
    public void WhereReadingIsInterruptedAndInWhichOrderFilesAreReadMakesNoDifference(string folder)
    {
        var files = FilesOf(Fixture.PathOf($"{Root}/{folder}"));
        var right = RolloutText.Distinct(files.SelectMany(lines => RolloutText.Walk(lines))).ToHashSet();

        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var shuffled = files.OrderBy(_ => random.Next()).ToList();

            var found = RolloutText.Distinct(shuffled.SelectMany(lines => RolloutText.Walk(lines, _ => random.Next(3) == 0)));

            found.ToHashSet().SetEquals(right).Should().BeTrue($"of seed {seed}");
        }
    }

    static IEnumerable<RolloutCall> WalkAll(string folder) => FilesOf(folder).SelectMany(lines => RolloutText.Walk(lines));

    static List<string[]> FilesOf(string folder) =>
        [.. Directory.EnumerateFiles(folder, "rollout-*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllLines)];

    static string Describe(RolloutCall call) =>
        $"{call.ThreadId} {call.TurnId} {call.ResponseId} {UtcTime.Format(call.TimestampMs!.Value)} {call.Model} {Describe(call.Tokens)}";

    static string Describe(JsonElement call) =>
        $"{Text(call, "thread_id")} {Text(call, "turn_id")} {Text(call, "response_id")} {Text(call, "ts")} {Text(call, "model")} {DescribeTokens(call)}";

    static string DescribeWithRoot(RolloutCall call) => $"{Describe(call)} {call.RootTurnId} {call.Provider}";

    static string DescribeWithRoot(JsonElement call) => $"{Describe(call)} {Text(call, "root_turn_id")} {Text(call, "model_provider")}";

    static string Describe(TokenCounts tokens) =>
        $"{tokens.Input}+{tokens.CacheRead}+{tokens.CacheWrite}+{tokens.Output} ({tokens.Reasoning})";

    static string DescribeTokens(JsonElement call) =>
        $"{call.GetProperty("input")}+{call.GetProperty("cache_read")}+{call.GetProperty("cache_write")}+{call.GetProperty("output")} ({call.GetProperty("reasoning")})";

    static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
