using System.Text;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>The last line of a live file may be torn at any byte: never lost, never counted twice.</summary>
public sealed class TornLineTests : IDisposable
{
    // Characters of two, three and four bytes, an escaped quote and braces in strings: all of it may be cut anywhere.
    static readonly string Line = Some.Answer("a1", about: "\"model\":\"grün–モデル-😀\"", text: "{\"usage\":{}} \\ \" é–モ😀");

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void AppendedByteByByteALineCountsOnceItIsWholeAndOnlyOnce(string ending)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a0", "10:03"));
        var line = Encoding.UTF8.GetBytes(Line);
        byte[] bytes = [.. line, .. Encoding.UTF8.GetBytes(ending), .. Encoding.UTF8.GetBytes(Some.Answer("a2", "10:06"))];
        using var passes = _scene.StartPasses();
        passes.Run().Stored.Added.Should().Be(1);
        var added = new List<int>();

        for (var i = 0; i < bytes.Length; i++)
        {
            _scene.Home.AppendBytes("s1.jsonl", bytes.AsSpan(i, 1));
            var pass = passes.Run();
            pass.BadLines.Should().Be(0, $"after byte {i} of {bytes.Length}");
            added.AddRange(Enumerable.Repeat(i + 1, (int)pass.Stored.Added));
        }

        // Whole with its last brace, before its newline is there.
        added.Should().Equal(line.Length, bytes.Length);
        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a0", "a1", "a2");
        _scene.Events.Select(row => row.Number("source_line_no")).Should().Equal(2, 3, 4);
        _scene.Events[1].Text("model").Should().Be("grün–モデル-😀");
    }

    [Fact]
    public void TornAtEveryByteItIsLeftAloneAndReadByTheNextProcess()
    {
        var line = Encoding.UTF8.GetBytes(Line + "\n");
        for (var cut = 0; cut <= line.Length; cut += 7)
        {
            using var scene = new Scene();
            scene.Home.Log("s1.jsonl", Some.Header("s1"));
            scene.Home.AppendBytes("s1.jsonl", line.AsSpan(0, cut));
            var first = scene.Collect();
            scene.Home.AppendBytes("s1.jsonl", line.AsSpan(cut));
            var second = scene.Collect();

            (first.BadLines + second.BadLines).Should().Be(0, $"cut at {cut}");
            (first.Stored.Added + second.Stored.Added).Should().Be(1, $"cut at {cut}");
            first.Stored.Added.Should().Be(cut >= line.Length - 1 ? 1 : 0, $"cut at {cut}");
        }
    }

    [Fact]
    public void AWholeObjectWithoutNewlineCountsOnceWhateverFollows()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"));
        _scene.Home.AppendBytes("s1.jsonl", Encoding.UTF8.GetBytes(Some.Answer(null)));
        _scene.Collect().Stored.Added.Should().Be(1, "it is whole");
        _scene.Home.AppendBytes("s1.jsonl", "\n"u8);
        _scene.Collect().Stored.Added.Should().Be(0, "its newline came");
        _scene.Home.Append("s1.jsonl", Some.Answer(null, text: "next"));
        _scene.Collect().Stored.Added.Should().Be(1, "the next line came");
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0, "it is all known");

        _scene.Events.Select(row => row.Number("source_line_no")).Should().Equal(2, 3);
    }

    [Fact]
    public void AnArchiveWithoutItsLastNewlineLosesNothing()
    {
        var path = _scene.Home.Log("s1.jsonl.reset.2026-11-21T20-11-12.323Z", Some.Header("s1"), Some.Answer("a1"));
        File.WriteAllText(path, File.ReadAllText(path).TrimEnd());

        _scene.Collect().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void ATornLineThatIsNeverFinishedIsNoBadLine()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Home.AppendBytes("s1.jsonl", "{\"type\":\"message\",\"id\":\"a"u8);

        var passes = Enumerable.Range(0, 3).Select(_ => _scene.Collect()).ToList();

        passes.Sum(pass => pass.BadLines).Should().Be(0);
        passes.Sum(pass => pass.Stored.Added).Should().Be(1);
    }

    [Fact]
    public void RandomPiecesOverRandomPassesAddUpToEveryEvent()
    {
        var seed = TestSeed.Value;
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 120).Select(i => i % 3 == 0
            ? Some.Question($"q{i}", text: new string('ü', random.Next(2000)))
            : Some.Answer($"a{i:000}", $"11:{i / 60:00}:{i % 60:00}", text: new string('é', random.Next(500))));
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + (random.Next(2) == 0 ? "\n" : "\r\n"))));
        _scene.Home.Log("s1.jsonl", Some.Header("s1"));
        var added = 0L;
        var passes = _scene.StartPasses();

        for (var done = 0; done < bytes.Length;)
        {
            var piece = Math.Min(random.Next(1, 1500), bytes.Length - done);
            _scene.Home.AppendBytes("s1.jsonl", bytes.AsSpan(done, piece));
            done += piece;
            if (random.Next(10) == 0)
            {
                passes.Dispose();
                passes = _scene.StartPasses();
            }

            added += passes.Run().Stored.Added;
        }

        passes.Dispose();
        added.Should().Be(80, $"of seed {seed}");
        _scene.Events.Should().HaveCount(80, $"of seed {seed}");
    }
}
