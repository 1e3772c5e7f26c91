
namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Entries as text and as frames, short and long, whatever the order of their fields: the same events.</summary>
public sealed class RowKindTests : IDisposable
{
    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _store;

    public RowKindTests()
    {
        _store = _scene.Home.MakeStore();
        _store.Append("s1", Some.Header("s1"));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ARowOfTextAndACompressedRowSayTheSame()
    {
        _store.Append("s1", Some.Answer("a1"));
        _store.AppendCompressed("s2", Some.Header("s2"), Some.Answer("a2"));

        _scene.Collect().BadLines.Should().Be(0);

        string[] differing = ["id", "ingest_ts", "event_key", "entry_id", "session_id", "session_ref", "event_ts", "started_ts"];
        var (first, second) = (_scene.Events[0], _scene.Events[1]);
        var same = first.Columns.Except(differing).ToList();
        second.Show(same).Should().Equal(first.Show(same));
        first.Show("source_file", "source_line_no", "input_tokens", "cost_total").Should()
            .Equal($"source_file={_store.Path}", "source_line_no=2", "input_tokens=100", "cost_total=0.33");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(2_000)]
    [InlineData(131_072)]
    [InlineData(400_000)]
    [InlineData(3_900_000)]
    public void ACompressedAnswerOfAnyLengthIsRead(int length)
    {
        // A short answer on both sides: what a long one leaves in the buffer must not matter.
        var answer = Some.Answer("a1", "10:06", text: new string('x', length));
        _store.AppendCompressed("s1", Some.Answer("a0", "10:05"), answer, Some.Answer("a2", "10:07"));

        _scene.Collect();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a0", "a1", "a2");
        _scene.Events.Should().OnlyContain(row => row.Number("total_tokens") == 123);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("toolResult")]
    public void ALongCompressedRowOfAnotherRoleIsNoEventAndHarmsNone(string role)
    {
        var text = new string('x', 300_000);
        _store.AppendCompressed(
            "s1",
            Some.Answer("a1", "10:05"),
            Some.Message("b1", "10:06", $"\"role\":\"{role}\",\"content\":\"{text}\",\"usage\":{Some.Usage}"),
            Some.Answer("a2", "10:07"));

        _scene.Collect().BadLines.Should().Be(0);

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
    }

    /// <summary>What is damaged shows that it was decoded.</summary>
    [Theory]
    [InlineData("user", """{"version":1,"report":{"kind":"canonical"},"navigation":{"type":"message","message":{"role":"user"}}}""", false)]
    [InlineData("toolResult", """{"version":1,"report":{},"navigation":{"type":"message","id":"b1","message":{"toolCallId":{"a":[1]},"role":"toolResult"}},"modelBytes":1}""", false)]
    [InlineData("assistant", """{"version":1,"navigation":{"type":"message","message":{"role":"assistant"}}}""", true)]
    [InlineData("no role", """{"version":1,"navigation":{"type":"message","message":{}},"reset":{"message":{"role":"user"}}}""", true)]
    [InlineData("a role of no message", """{"version":1,"navigation":{"type":"custom","role":"user"}}""", true)]
    [InlineData("a role that is no text", """{"version":1,"navigation":{"message":{"role":7}}}""", true)]
    [InlineData("another version", """{"version":2,"navigation":{"type":"message","message":{"role":"user"}}}""", true)]
    [InlineData("a quoted one", """{"version":1,"report":{"id":"\"navigation\":{\"message\":{\"role\":\"user\"}}"},"navigation":{"message":{"role":"assistant"}}}""", true)]
    [InlineData("cut short", """{"version":1,"navigation":{"type":"message","message":{"ro""", true)]
    [InlineData("no JSON", """{"version":1,"navigation":{"message":{role":"user"}}}""", true)]
    [InlineData("nothing", "{}", true)]
    [InlineData("NULL", null, true)]
    public void ACompressedRowOfWhichTheDatabaseNamesAnotherRoleStaysCompressed(string what, string? navigation, bool isDecoded)
    {
        var frame = RawFrame.Of(Some.Question("b1", text: new string('x', 3_000)));
        frame[^1] ^= 1;
        _store.AppendCompressed("s1", Some.Answer("a1", "10:05"));
        _store.AppendFrames("s1", frame);
        _store.Execute("UPDATE transcript_events SET navigation_json = $text WHERE session_id = 's1' AND seq = 2", ("text", navigation));
        _store.AppendCompressed("s1", Some.Answer("a2", "10:06"));

        _scene.Collect().BadLines.Should().Be(isDecoded ? 1 : 0, what);

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
    }

    [Fact]
    public void AnAnswerThatQuotesAnotherRoleBeforeItsOwnIsStillAnAnswer()
    {
        const string quoted = """[{"type":"text","text":"{\"role\":\"toolResult\"}"},{"role":"toolResult","message":{"role":"user"}}]""";
        var long_ = $"\"content\":{quoted},\"padding\":\"{new string('x', 5_000)}\",\"role\":\"assistant\",{Some.About},\"usage\":{Some.Usage}";
        var short_ = $"\"content\":{quoted},\"role\":\"assistant\",{Some.About},\"usage\":{Some.Usage},\"padding\":\"{new string('x', 5_000)}\"";
        _store.AppendCompressed("s1", Some.Message("a1", "10:05", long_), Some.Message("a2", "10:06", short_));
        _store.Append("s1", Some.Message("a3", "10:07", long_));

        _scene.Collect();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3");
    }

    [Fact]
    public void AnEntryWithARoleOfItsOwnBesideItsMessageIsReadByItsMessage()
    {
        var padding = new string('x', 5_000);
        _store.AppendCompressed(
            "s1",
            $$$"""{"role":"user","type":"message","id":"a1","timestamp":"{{{Some.Time("10:05")}}}","note":{"role":"tool"},"message":{"role":"assistant",{{{Some.About}}},"usage":{{{Some.Usage}}},"content":"{{{padding}}}"}}""");

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheOrderOfFieldsDoesNotMatter(bool isCompressed)
    {
        var padding = new string('x', 5_000);
        string[] entries =
        [
            $$$"""{"message":{"usage":{{{Some.Usage}}},"content":"{{{padding}}}","role":"assistant",{{{Some.About}}}},"timestamp":"{{{Some.Time("10:05")}}}","id":"a1","type":"message"}""",
            $$$"""{"message":{{{{Some.About}}},"usage":{{{Some.Usage}}},"role":"assistant","content":"{{{padding}}}"},"id":"a2","type":"message","timestamp":"{{{Some.Time("10:06")}}}"}""",
            $$$"""{"usage":{{{Some.Usage}}},"provider":"stubai","model":"stub-a","message":{"content":"{{{padding}}}","role":"assistant"},"id":"a3","timestamp":"{{{Some.Time("10:07")}}}"}""",
        ];
        if (isCompressed)
        {
            _store.AppendCompressed("s1", entries);
        }
        else
        {
            _store.Append("s1", entries);
        }

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("model")} {row.Number("total_tokens")}").Should()
            .Equal("a1 stub-a 123", "a2 stub-a 123", "a3 stub-a 123");
    }

    [Fact]
    public void AFrameOfUnknownSizeIsRead()
    {
        var entry = System.Text.Encoding.UTF8.GetBytes(Some.Answer("a1", text: new string('x', 5_000)));
        _store.AppendFrames("s1", RawFrame.WithoutSize(entry, block: 1_000));

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AModelChangeNamesTheModelOfAnswersThatDoNot(bool isCompressed)
    {
        var change = Some.ModelChange("stubanth", "claude-stub").Replace("{", $"{{\"note\":\"{new string('x', 3_000)}\",", StringComparison.Ordinal);
        if (isCompressed)
        {
            _store.AppendCompressed("s1", change);
        }
        else
        {
            _store.Append("s1", change);
        }

        _store.Append("s1", Some.Answer("a1", about: "\"stopReason\":\"stop\""));
        _store.Append("s2", Some.Header("s2"), Some.Answer("a2", "10:06", about: "\"stopReason\":\"stop\""));

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("model_provider")}/{row.Text("model")}").Should().Equal("stubanth/claude-stub", "/");
    }

    [Fact]
    public void AModelChangeOfAnEarlierPassStillNamesTheModel()
    {
        _store.Append("s1", Some.ModelChange("stubanth", "claude-stub"));
        using (var passes = _scene.StartPasses())
        {
            passes.Run();
            _store.Append("s1", Some.Answer("a1", "10:05", about: ""));
            passes.Run();
        }

        _store.Append("s1", Some.Answer("a2", "10:06", about: ""), Some.ModelSnapshot("stubai", "stub-b"), Some.Answer("a3", "10:07", about: ""));
        _scene.Collect();

        _scene.Events.Select(row => row.Text("model")).Should().Equal("claude-stub", "claude-stub", "stub-b");
    }
}
