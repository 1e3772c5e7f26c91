using System.Text;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sources.OpenClaw.Transcripts;

namespace TokenGovernance.Tests.Sources.Json;

/// <summary>Small objects of others: what is odd in them is absent, and nothing throws.</summary>
public sealed class LenientJsonTests
{
    [Theory]
    [InlineData(@"{""a"":""\ud83d\ude00""}", null)]
    [InlineData(@"{""a"":""\ud83d""}", @"{""a"":""\ufffd""}")]
    [InlineData(@"{""\uD83D"":""\uDE00""}", @"{""\ufffd"":""\ufffd""}")]
    [InlineData(@"{""\ud83d\ud83d\ude00"":1}", @"{""\ufffd\ud83d\ude00"":1}")]
    [InlineData(@"{""a"":""\\ud83d""}", null)]
    [InlineData(@"{""a"":""\\\ud83d""}", @"{""a"":""\\\ufffd""}")]
    [InlineData(@"{""a"":""\ud83""}", null)]
    [InlineData(@"{""a"":""\ud83d", @"{""a"":""\ufffd")]
    public void HalvesOfSurrogatePairsAreReplaced(string json, string? mended) =>
        Encoding.UTF8.GetString(LenientJson.Mend(Encoding.UTF8.GetBytes(json))).Should().Be(mended ?? json);

    [Fact]
    public void WhatIsNoUtf8IsReplaced() =>
        LenientJson.Parse([.. "{\"sessionId\":\"a"u8, 0xFF, .. "\"}"u8], IndexJson.Default.IndexEntry)!.SessionId.Should().Be("a\uFFFD");

    [Theory]
    [InlineData("\"sessionId\":7")]
    [InlineData("\"sessionId\":null")]
    [InlineData("\"sessionId\":{\"a\":[1]}")]
    [InlineData("\"origin\":\"x\"")]
    [InlineData("\"origin\":[{\"provider\":\"x\"}]")]
    [InlineData("\"origin\":{\"provider\":[]}")]
    [InlineData("\"route\":null")]
    [InlineData(@"""\ud83d"":""\ud83d""")]
    [InlineData(@"""label"":""\ude00"",""x"":{""\ud83d"":[{""\ud83d"":1}]}")]
    public void OddFieldsOfAnIndexEntryAreAbsent(string field)
    {
        var entry = IndexEntry.Parse(Encoding.UTF8.GetBytes($$"""{{{field}},"chatType":"direct"}"""))!;

        (entry.ChatType, entry.SessionId, entry.Origin?.Provider).Should().Be(("direct", null, null));
    }

    [Theory]
    [InlineData("\"data\":\"x\"", null)]
    [InlineData("\"data\":{\"trigger\":5}", null)]
    [InlineData(@"""data"":{""\udead"":1,""trigger"":""cron""}", "cron")]
    [InlineData("\"data\":{\"trigger\":\"user\"},\"ts\":{}", "user")]
    public void OddFieldsOfARunAreAbsent(string field, string? trigger)
    {
        var run = RunRecord.ParseAll(Encoding.UTF8.GetBytes($$"""{"type":"session.started",{{field}},"sessionKey":"k"}""")).Single();

        (run.SessionKey, run.Data?.Trigger).Should().Be(("k", trigger));
    }

    [Theory]
    [InlineData("\"parentSession\":\"/p.jsonl\"", true)]
    [InlineData("\"parentSession\":{\"a\":1}", true)]
    [InlineData("\"parentSession\":null", false)]
    [InlineData("\"parentSession\":false", false)]
    [InlineData("\"x\":1", false)]
    public void AHeaderNamesAParentOrNot(string field, bool isFork) =>
        TranscriptHeader.Parse(Encoding.UTF8.GetBytes($$"""{"type":"session","id":"s1",{{field}}}"""))!.IsFork.Should().Be(isFork);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":\"session\"")]
    [InlineData("{\"type\":\"message\"}")]
    public void WhatIsNoHeaderIsNone(string json) => TranscriptHeader.Parse(Encoding.UTF8.GetBytes(json)).Should().BeNull();

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    public void MembersAreReadInAnyPieces(int piece)
    {
        var text = "\uFEFF{ \"a\": {\"x\":[1,2,\"}\"]},\n\"b\":\"" + new string('ü', 200_000) + "\",\"\\ud83d\":null,\"c\":{} }";
        using var members = new JsonMemberReader(new Dribble(Encoding.UTF8.GetBytes(text), piece));
        var found = new List<(string, int)>();

        while (members.Next())
        {
            found.Add((members.Name, members.Value.Length));
        }

        found.Should().Equal(("a", 15), ("b", 400_002), ("\\ud83d", 4), ("c", 2));
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":1,")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"a\":1}}", true)]
    public void ATornObjectSaysSoAfterItsWholeMembers(string json, bool isWhole = false)
    {
        using var members = new JsonMemberReader(new Dribble(Encoding.UTF8.GetBytes(json), 2));
        var read = () =>
        {
            while (members.Next())
            {
            }
        };

        if (isWhole)
        {
            read.Should().NotThrow("what follows is nobody's business");
        }
        else
        {
            read.Should().Throw<System.Text.Json.JsonException>();
        }
    }

    [Fact]
    public void AMemberThatIsTooLargeIsGivenUpInBoundedMemory()
    {
        using var members = new JsonMemberReader(new Dribble([.. "{\"a\":\""u8, .. new byte[300_000].Select(_ => (byte)'x')], 1000), maxMember: 100_000);

        members.Invoking(all => all.Next()).Should().Throw<System.Text.Json.JsonException>().WithMessage("*larger than*");
    }

    /// <summary>A stream that hands over a few bytes at a time.</summary>
    sealed class Dribble(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);
    }
}
