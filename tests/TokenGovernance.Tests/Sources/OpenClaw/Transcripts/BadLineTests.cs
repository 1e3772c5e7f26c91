using System.Text;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Lines that are not what they should be: counted once, and the rest goes on.</summary>
public sealed class BadLineTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2,3]")]
    [InlineData("\"usage\"")]
    [InlineData("{\"usage\":")]
    [InlineData("{\"message\":{\"usage\":{\"input\":1}}")]
    [InlineData("{\"usage\":1}}")]
    [InlineData("{\"usage\":1} {\"usage\":2")]
    [InlineData("{\"usage\":1} true")]
    [InlineData("{\"usage\":undefined}")]
    [InlineData("\0\0\0\0")]
    public void ALineThatIsNoObjectIsCountedOnceAndTheRestGoesOn(string line)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), line, Some.Answer("a1"));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added, pass.Failures.Count).Should().Be((1, 1, 0));
        pass.BadLinePlaces.Should().Equal($"{_scene.Home.FileOf("s1.jsonl")}:2");
        _scene.Collect().BadLines.Should().Be(0, "it was said already");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        var next = _scene.Collect();
        (next.BadLines, next.Stored.Added).Should().Be((0, 1));
    }

    [Fact]
    public void EmptyLinesAreNoLines()
    {
        _scene.Home.Log("s1.jsonl", "", Some.Header("s1"), "   ", "\t\r", Some.Answer("a1"), "", "");

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((0, 1));
        _scene.Event.Number("source_line_no").Should().Be(5);
    }

    [Fact]
    public void AByteOrderMarkIsNoPartOfTheFirstLine()
    {
        WriteBytes("s1.jsonl", "\uFEFF"u8.ToArray(), Bytes(Some.Header("s1", "10:00") + "\n" + Some.Answer("a1") + "\n"));
        WriteBytes("s2.jsonl", "\uFEFF"u8.ToArray(), Bytes(Some.Answer("a2", "10:06") + "\n"));
        WriteBytes("s3.jsonl", "\uFEFF"u8.ToArray(), Bytes(Some.Answer("a3", "10:07")));
        _scene.Home.Log("0.jsonl", Some.Header("0", "11:00"), Some.Answer("a1"));

        _scene.Collect().BadLines.Should().Be(0);

        // The header behind the mark was understood: s1 may claim what the fork copied.
        _scene.Events.Select(row => row.Text("session_id")).Should().Equal("s1", "s2", "s3");
    }

    [Fact]
    public void WindowsLineEndsAreLineEnds()
    {
        WriteBytes("s1.jsonl", Bytes($"{Some.Header("s1")}\r\n{Some.Answer("a1")}\r\n{Some.Answer(null, "10:06")}\r\n"));
        _scene.Home.Log("s2.jsonl", Some.Answer(null, "10:06"));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added, pass.Stored.Known).Should().Be((0, 2, 1));
    }

    [Fact]
    public void InvalidUtf8InsideContentLosesNothing()
    {
        var line = Bytes(Some.Answer("a1", text: "@@") + "\n");
        line.AsSpan().Replace((byte)'@', (byte)0xFF);
        WriteBytes("s1.jsonl", line, Bytes(Some.Answer("a2", "10:06") + "\n"));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((0, 2));
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    [Fact]
    public void InvalidUtf8InANameLosesOnlyTheName()
    {
        var line = Bytes(Some.Answer("a1", about: "\"model\":\"m@\",\"api\":\"@\"") + "\n");
        line.AsSpan().Replace((byte)'@', (byte)0xC3);
        WriteBytes("s1.jsonl", line);

        _scene.Collect().Stored.Added.Should().Be(1);

        _scene.Event.Text("model").Should().StartWith("m");
        _scene.Event.Number("input_tokens").Should().Be(100);
    }

    [Fact]
    public void ALineThatIsNoTextAtAllIsABadLine()
    {
        WriteBytes("s1.jsonl", [0xFF, 0xFE, 0x00, 0x80, (byte)'\n'], Bytes(Some.Answer("a1") + "\n"));

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((1, 1));
    }

    [Fact]
    public void AnEmptyFileAndOneOfNewlinesHoldNothing()
    {
        WriteBytes("s1.jsonl");
        WriteBytes("s2.jsonl", "\n\n\n"u8.ToArray());

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added, pass.Failures.Count).Should().Be((0, 0, 0));
    }

    [Fact]
    public void OfManyBadLinesOnlySomePlacesAreNamed()
    {
        for (var i = 0; i < 20; i++)
        {
            _scene.Home.Log($"s{i}.jsonl", "bad", "bad", Some.Answer($"a{i}"));
        }

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((40, 20));
        pass.BadLinePlaces.Should().HaveCount(5).And.OnlyContain(place => place.EndsWith(".jsonl:1"));
    }

    [Fact]
    public void AFileOfManyThousandLinesIsReadInSeveralBatchesAndCompletely()
    {
        _scene.Home.Log("s1.jsonl", [.. Enumerable.Range(0, 4001).Select(i => Some.Answer($"a{i}", "10:05", text: ""))]);

        _scene.Collect().Stored.Added.Should().Be(4001);

        _scene.Events.Max(row => row.Number("source_line_no")).Should().Be(4001);
        StoreRows.Query(_scene.Db, "SELECT * FROM collector_state WHERE key LIKE 'log:%'").Should().ContainSingle();
    }

    void WriteBytes(string name, params ReadOnlySpan<byte[]> parts)
    {
        using var file = File.Create(_scene.Home.FileOf(name));
        foreach (var part in parts)
        {
            file.Write(part);
        }
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
