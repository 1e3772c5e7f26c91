using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Runtimes.Codex;
using static TokenGovernance.Tests.Sources.Runtimes.Codex.RolloutText;

namespace TokenGovernance.Tests.Sources.Runtimes.Codex;

/// <summary>Lines of rollouts that look like calls and are none, or the other way round.</summary>
public sealed class RolloutTrapTests
{
    const string Thread = "01a21264-97a9-7be3-9c69-c0b904737c95";
    const string Turn = "01a21264-9865-76c3-a413-fad1bd4a2b72";
    const string Later = "01a21264-9f00-7b2e-83ed-46c18a7a863c";

    /// <summary>A fork that begins after both turns.</summary>
    const string Fork = "01a21265-8e9b-7f51-b425-c8b3cef398f1";
    const string ForkTurn = "01a21265-8eff-7f51-b425-c8b3cef39800";

    [Fact]
    public void ACountSaidAgainAtTheNextTurnIsNoCall() =>
        Totals(Meta(Thread), Started(Turn), Context(Turn), Count(100, 100), Started(Later), Count(100, 100), Context(Later), Count(50, 150))
            .Should().Equal(100, 50);

    [Fact]
    public void TheEstimateAfterACompactionIsNoCall() =>
        Totals(
            Meta(Thread), Started(Turn), Context(Turn), Count(100, 100),
            Count(null, 100).Replace("\"info\":{", """
                "info":{"last_token_usage":{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":5629},
                """.Trim()),
            Count(50, 150))
            .Should().Equal(100, 50);

    [Fact]
    public void ARemoteCompactionIsInItsRecordOnly() =>
        Totals(
            Meta(Thread), Started(Turn), Record(Thread, Turn, "r1", 100, 100), Count(100, 100), Record(Thread, Turn, "remote", 92_125, 92_225),
            Record(Thread, Turn, "r2", 50, 92_275), Count(50, 150))
            .Should().Equal(100, 92_125, 50);

    /// <summary>Of the first call the count that follows says whether a plan pays: the call is told of once more.</summary>
    [Fact]
    public void WhetherAPlanPaysIsSaidByTheCountThatFollows()
    {
        static string Limited(string count, string plan) => count.Replace("\"rate_limits\":null", $"\"rate_limits\":{{\"plan_type\":{plan}}}", StringComparison.Ordinal);

        Walk([
            Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100, 100), Limited(Count(100, 100), "\"plus\""),
            Record(Thread, Turn, "r2", 50, 150), Limited(Count(50, 150), "null"), Record(Thread, Turn, "r3", 30, 180), Limited(Count(30, 180), "null"),
        ]).Select(call => (call.ResponseId, call.IsPlanPaid)).Should().Equal(("r1", false), ("r1", true), ("r2", true), ("r3", false));
    }

    [Fact]
    public void InfoMayBeNull() =>
        Totals(Meta(Thread), Started(Turn), Line("event_msg", """{"type":"token_count","info":null,"rate_limits":{}}"""), Count(100, 100))
            .Should().Equal(100);

    [Fact]
    public void AForksTotalGoesOnFromItsParents() =>
        Totals(Meta(Fork, $",\"forked_from_id\":\"{Thread}\""), Started(ForkTurn), Context(ForkTurn), Count(50, 121_425))
            .Should().Equal(50);

    [Fact]
    public void AForksFirstTurnMayRepeatItsParentsLastCountBeforeItCompacts() =>
        Totals(
            Meta(Fork, $$$""","forked_from_id":"{{{Thread}}}","history_base":{"thread_id":"{{{Thread}}}"}"""),
            Started(ForkTurn), Count(92_500, 110_125), Record(Fork, ForkTurn, "r1", 3_625, 113_750), Count(3_625, 113_750), Context(ForkTurn))
            .Should().Equal(3_625);

    [Fact]
    public void WithoutALastCallTheTotalsGrowthIsCounted() =>
        Totals(Meta(Thread), Started(Turn), Context(Turn), Count(null, 100), Count(null, 100), Count(null, 150)).Should().Equal(100, 50);

    [Fact]
    public void WithoutALastCallAForksFirstTotalIsItsParents() =>
        Totals(Meta(Fork, $",\"forked_from_id\":\"{Thread}\""), Started(ForkTurn), Context(ForkTurn), Count(null, 9_000), Count(null, 9_050))
            .Should().Equal(50);

    [Fact]
    public void ATotalThatFellBeginsANewRow() =>
        Totals(Meta(Thread), Started(Turn), Context(Turn), Count(null, 500), Count(null, 60), Count(20, 80)).Should().Equal(500, 60, 20);

    [Fact]
    public void ATurnWithRecordsIsNotCountedFromItsCounts() =>
        Totals(
            Meta(Thread), Started(Turn), Context(Turn), Count(100, 100),
            Started(Later), Context(Later), Record(Thread, Later, "r1", 70, 70), Count(70, 170), Record(Thread, Later, "r2", 30, 100), Count(30, 200))
            .Should().Equal(100, 70, 30);

    [Fact]
    public void ACopyInAForkIsTheSameCall()
    {
        string[] parent = [Meta(Thread), Started(Turn), Context(Turn), Count(100, 100), Started(Later), Context(Later), Count(50, 150)];
        string[] fork =
        [
            Meta(Fork, $",\"forked_from_id\":\"{Thread}\""), .. parent.Select(line => line.Replace("10:05", "11:30", StringComparison.Ordinal)),
            Started(ForkTurn), Context(ForkTurn), Count(25, 175),
        ];

        foreach (var files in new[] { new[] { parent, fork }, [fork, parent] })
        {
            var calls = Distinct(files.SelectMany(lines => Walk(lines)));

            calls.Select(call => (call.ThreadId, call.Tokens.Total, call.TimestampMs)).Should().BeEquivalentTo(
                [(Thread, 100L, Some.Ms("10:05")), (Thread, 50L, Some.Ms("10:05")), (Fork, 25L, Some.Ms("10:05"))]);
        }

        var alone = Walk(fork);
        alone.Select(call => call.ThreadId).Should().Equal(null, null, Fork);
        alone[0].TimestampMs.Should().Be(UtcTime.TryParse("2026-11-25T11:08:32.229Z", out var began) ? began : 0, "the copy's own time is the fork's");
    }

    [Fact]
    public void ARecordOfAnotherThreadIsACopy() =>
        Walk([Meta(Fork), Record(Thread, Turn, "r1", 100), Record(Fork, ForkTurn, "r2", 50)]).Select(call => call.ThreadId)
            .Should().Equal(null, Fork);

    [Fact]
    public void TheFirstMetaIsTheFilesOwn() =>
        Walk([Meta(Fork), Meta(Thread), Started(ForkTurn), Record(Fork, ForkTurn, "r1", 100)])[0].ThreadId.Should().Be(Fork);

    [Fact]
    public void WithoutMetaTheNameTellsTheThread() =>
        Walk([Started(Turn), Context(Turn), Count(100, 100)], threadId: Thread)[0].ThreadId.Should().Be(Thread);

    [Fact]
    public void ARecordWithoutResponseIdIsKnownByTheThreadsTotal() =>
        Distinct(Walk([Meta(Thread), Record(Thread, Turn, null, 100, 100), Record(Thread, Turn, null, 100, 200), Record(Thread, Turn, null, 100, 100)]))
            .Should().HaveCount(2);

    [Fact]
    public void WithoutTurnIdsAForksCopiesAreKnownByTheirTotals()
    {
        string[] parent = [Meta("t-1"), Count(100, 100), Count(50, 150)];
        string[] fork = [Meta("t-2", ",\"forked_from_id\":\"t-1\""), Meta("t-1"), Line("turn_context", "{}"), Count(100, 100), Count(50, 150), Count(25, 175)];

        Total(Distinct(Walk(fork).Concat(Walk(parent)))).Should().Be(175);
    }

    [Fact]
    public void ACompactionBeforeTheTurnsContextHasTheModelBefore() =>
        Walk([Meta(Thread), Context(Turn, "gpt-a"), Started(Later), Record(Thread, Later, "r1", 10), Context(Later, "gpt-b"), Record(Thread, Later, "r2", 10)])
            .Select(call => call.Model).Should().Equal("gpt-a", "gpt-b");

    [Fact]
    public void TextsMayHoldTheWords() =>
        Totals(
            Meta(Thread), Started(Turn),
            Line("response_item", """{"type":"message","text":"\"type\":\"token_usage_record\",\"usage\":{\"total_tokens\":9}"}"""),
            Line("event_msg", """{"type":"agent_message","message":"token_count","info":{"total_token_usage":{"total_tokens":9,"input_tokens":9}}}"""),
            Record(Thread, Turn, "r1", 100))
            .Should().Equal(100);

    [Fact]
    public void PropertiesMayStandInAnyOrder() =>
        Totals(
            $$"""{"payload":{"usage":{{Usage(100)}},"turn_id":"{{Turn}}","response_id":"r1"},"type":"token_usage_record","timestamp":"{{Some.Time("10:05")}}"}""",
            $$$"""{"payload":{"info":{"total_token_usage":{{{Usage(40)}}},"last_token_usage":{{{Usage(40)}}}},"type":"token_count"},"type":"event_msg"}""")
            .Should().Equal(100);

    [Theory]
    [InlineData("""{"type":"token_usage_record","payload":null}""")]
    [InlineData("""{"type":"token_usage_record"}""")]
    [InlineData("""{"type":"token_usage_record","payload":{"usage":[1]}}""")]
    [InlineData("""{"type":7,"payload":{"usage":{}}}""")]
    [InlineData("""{"type":"event_msg","payload":{"type":"token_count","info":[]}}""")]
    [InlineData("""{"type":"event_msg","payload":{"type":{"token_count":1},"info":{}}}""")]
    [InlineData("""{"type":"session_meta","payload":"x"}""")]
    [InlineData("""{"type":"turn_context","payload":{"turn_id":[],"model":{}}}""")]
    [InlineData("""{"type":"\ud800","payload":{}}""")]
    [InlineData("{}")]
    public void WhatIsShapedOtherwiseIsNoCall(string line) => Walk([line]).Should().BeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"type":"token_usage_record","payload":{"usage":{"input_tokens":1""")]
    [InlineData("{\"type\":\"session_meta\",\"payload\":{\"id\":\"\u0000\"}")]
    public void WhatIsNoObjectIsABadLine(string line) =>
        new RolloutWalker(new RolloutState()).TryRead(Encoding.UTF8.GetBytes(line), out _).Should().BeFalse();

    [Fact]
    public void NumbersOutOfRangeAreBounded()
    {
        var usage = """{"input_tokens":-5,"cached_input_tokens":7,"output_tokens":1e300,"reasoning_output_tokens":"x","total_tokens":12.9}""";
        var call = Walk([Line("token_usage_record", $$"""{"turn_id":"t","response_id":"r","usage":{{usage}}}""")]).Single();

        call.Tokens.Should().Be(new TokenCounts(0, TokenCounts.Max, 0, 0, 12, 0));
    }

    static IEnumerable<long?> Totals(params string[] lines) => Walk(lines).Select(call => call.Tokens.Total);
}
