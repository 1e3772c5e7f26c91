using System.Text;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>A line of any length is read in bounded memory, and is the same event as its copy.</summary>
public sealed class HugeLineTests : IDisposable
{
    const int Length = 40_000_000;

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AHugeLineNeedsMuchLessMemoryThanItsLength()
    {
        WriteHuge("s1.jsonl", Some.Answer("a1", text: "@@"), "\n" + Some.Answer("a2", "10:06") + "\n");
        var passes = _scene.StartPasses();

        // A single source is read by the calling thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var pass = passes.Run();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        passes.Dispose();

        (pass.Stored.Added, pass.BadLines).Should().Be((2, 0));
        _scene.Events.Select(row => row.Number("source_line_no")).Should().Equal(1, 2);
        _scene.Events.Should().OnlyContain(row => row.Number("total_tokens") == 123 && row.Text("model") == "stub-a");
        allocated.Should().BeLessThan(Length);
    }

    [Fact]
    public void AHugeLineWithoutAnIdHasTheSameKeyWhereverItIsRead()
    {
        var line = Some.Answer(null, text: "@@");
        WriteHuge("s1.jsonl", line, "\n");
        WriteHuge("s2.jsonl", line, "");
        WriteHuge("s3.jsonl", line, "\r\n" + Some.Answer("a2", "10:06") + "\n");
        WriteHuge("s4.jsonl", Some.Answer(null, "10:07", text: "@@"), "\n");

        var stored = _scene.Collect().Stored;

        (stored.Added, stored.Known).Should().Be((3, 2));
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    [Fact]
    public void AHugeTornLineIsLeftAloneUntilItIsWhole()
    {
        var line = Some.Answer("a1", text: "@@");
        var cut = line.IndexOf("\"usage\"", StringComparison.Ordinal);
        WriteHuge("s1.jsonl", line[..cut], "");
        using var passes = _scene.StartPasses();

        var torn = passes.Run();
        (torn.Stored.Added, torn.BadLines).Should().Be((0, 0));
        _scene.Home.AppendBytes("s1.jsonl", Encoding.UTF8.GetBytes(line[cut..]));
        passes.Run().Stored.Added.Should().Be(1);
        _scene.Home.AppendBytes("s1.jsonl", "\n"u8);
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        passes.Run().Stored.Added.Should().Be(1);

        _scene.Events.Select(row => row.Number("source_line_no")).Should().Equal(1, 2);
    }

    [Fact]
    public void AHugeLineThatIsNoObjectIsOneBadLine()
    {
        WriteHuge("s1.jsonl", "@@", "\n" + Some.Answer("a1") + "\n");

        var pass = _scene.Collect();

        (pass.BadLines, pass.Stored.Added).Should().Be((1, 1));
    }

    [Fact]
    public void EscapesInHugeContentDoNotEndIt()
    {
        const string decoy = """
            \\\"},\"usage\":{\"input\":999},\"x\":\"\\
            """;
        WriteHuge("s1.jsonl", Some.Answer("a1", text: "@@").Replace("@@", decoy + "@@" + decoy, StringComparison.Ordinal), "\n", Length / 4);

        _scene.Collect().BadLines.Should().Be(0);

        _scene.Event.Number("input_tokens").Should().Be(100);
    }

    /// <summary>Writes a line whose `@@` becomes content of a great length, and what follows it.</summary>
    void WriteHuge(string name, string line, string rest, int length = Length)
    {
        var at = line.IndexOf("@@", StringComparison.Ordinal);
        using var file = File.Create(_scene.Home.FileOf(name));
        file.Write(Encoding.UTF8.GetBytes(line[..at]));
        var block = new byte[1_000_000];
        block.AsSpan().Fill((byte)'x');
        for (var i = 0; i < length / block.Length; i++)
        {
            file.Write(block);
        }

        file.Write(Encoding.UTF8.GetBytes(line[(at + 2)..] + rest));
    }
}
