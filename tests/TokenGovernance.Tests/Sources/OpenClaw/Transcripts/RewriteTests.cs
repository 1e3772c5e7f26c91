namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Files that shrink, are replaced, renamed, deleted or copied back: the checkpoint helps, the key decides.</summary>
public sealed class RewriteTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Passes _passes;

    public RewriteTests()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"), Some.Answer("a2", "10:02"), Some.Answer("a3", "10:03"));
        _passes = _scene.StartPasses();
        _passes.Run().Stored.Added.Should().Be(3);
    }

    string File1 => _scene.Home.FileOf("s1.jsonl");

    public void Dispose()
    {
        _passes.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void AFileThatShrankIsReadAgainFromItsStart()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a3", "10:03"));
        _passes.Run();
        _scene.Home.Append("s1.jsonl", Some.Answer("a4", "10:04"));
        _passes.Run();

        Ids().Should().Equal("a1", "a2", "a3", "a4");
    }

    [Fact]
    public void AFileThatShrankAndGrewPastItsOldSizeBetweenTwoPassesLosesNothing()
    {
        _scene.Home.Log("s1.jsonl", [Some.Header("other"), .. Enumerable.Range(3, 7).Select(i => Some.Answer($"a{i}", $"10:0{i}"))]);
        _passes.Run();

        Ids().Should().Equal(Enumerable.Range(1, 9).Select(i => $"a{i}"));
    }

    [Fact]
    public void AFileTruncatedToNothingStartsAnew()
    {
        File.WriteAllText(File1, "");
        _passes.Run().Stored.Added.Should().Be(0);
        _scene.Home.Append("s1.jsonl", Some.Header("s1"), Some.Answer("a4", "10:04"));
        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Theory]
    [InlineData("b")]
    [InlineData("longer-")]
    [InlineData("")]
    public void AFileRewrittenInPlaceIsReadAgain(string prefix)
    {
        // Of the same size, longer and shorter.
        var text = File.ReadAllText(File1).Replace("\"id\":\"a", $"\"id\":\"{prefix}", StringComparison.Ordinal);
        using (var file = File.Open(File1, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(0);
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        _passes.Run().Stored.Added.Should().Be(3);
        _passes.Run().Stored.Added.Should().Be(0);
        _scene.Events.Should().HaveCount(6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnEntryExchangedForOneOfTheSameSizeIsSeenThoughTheFileGrew(int which)
    {
        var text = File.ReadAllText(File1).Replace($"\"id\":\"a{which}", $"\"id\":\"b{which}", StringComparison.Ordinal);
        File.WriteAllText(File1, $"{text}{Some.Answer("a4", "10:04")}\n");

        _passes.Run().Stored.Added.Should().Be(2);
    }

    [Fact]
    public void ARewriteOfTheSameSizeIsSeenByALaterProcess()
    {
        var text = File.ReadAllText(File1);
        _passes.Dispose();
        File.WriteAllText(File1, text.Replace("\"id\":\"a3", "\"id\":\"b3", StringComparison.Ordinal));

        _scene.Collect().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void AFileReplacedByRenamingAnotherOverItIsReadAgain()
    {
        var longer = _scene.Home.Log("new.tmp", Some.Header("s1"), Some.Answer("a2", "10:02"), Some.Answer("a4", "10:04"), Some.Answer("a5", "10:05"), Some.Answer("a6", "10:06"));
        File.Move(longer, File1, overwrite: true);

        _passes.Run().Stored.Added.Should().Be(3);
        _scene.Home.Append("s1.jsonl", Some.Answer("a7", "10:07"));
        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AChangeFarFromBothEndsIsSeenToo(bool isReplaced)
    {
        // Beginning and end are those of the file that was read: only its size and times, or its inode, tell.
        var filler = Some.Question("q1", text: new string('x', 2000));
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), filler, Some.Answer("b1", "10:04"), filler);
        _passes.Run();
        var other = _scene.Home.Log("new.tmp", Some.Header("s1"), filler, Some.Answer("b2", "10:05"), filler);
        if (isReplaced)
        {
            File.AppendAllText(other, Some.Answer("b3", "10:06") + "\n");
            File.Move(other, File1, overwrite: true);
        }
        else
        {
            using var file = File.Open(File1, FileMode.Open, FileAccess.Write);
            file.Write(File.ReadAllBytes(other));
        }

        _passes.Run();

        Ids().Should().Equal(isReplaced ? ["a1", "a2", "a3", "b1", "b2", "b3"] : ["a1", "a2", "a3", "b1", "b2"]);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("deleted")]
    [InlineData("bak")]
    public void AFileThatIsRenamedIsTheSameEventsUnderANewName(string kind)
    {
        _scene.Home.Append("s1.jsonl", Some.Answer("a4", "10:04"));
        File.Move(File1, $"{File1}.{kind}.2026-11-21T20-11-12.323Z");
        var pass = _passes.Run();
        _scene.Home.Log("s1.jsonl", Some.Header("s1", "11:00"), Some.Answer("a5", "11:05"));
        _passes.Run();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((1, 0));
        Ids().Should().Equal("a1", "a2", "a3", "a4", "a5");
        Checkpoints().Should().Equal("s1.jsonl", $"s1.jsonl.{kind}.2026-11-21T20-11-12.323Z");
    }

    [Fact]
    public void EventsOfADeletedFileStayAndItsCheckpointGoes()
    {
        File.Delete(File1);
        var pass = _passes.Run();

        pass.Failures.Should().BeEmpty();
        Ids().Should().Equal("a1", "a2", "a3");
        Checkpoints().Should().BeEmpty();
    }

    [Fact]
    public void CheckpointsOfFilesThatWentWhileNobodyLookedGoToo()
    {
        _passes.Dispose();
        File.Delete(File1);
        _scene.Home.Log("s2.jsonl", Some.Header("s2"));

        _scene.Collect();

        Checkpoints().Should().Equal("s2.jsonl");
    }

    [Fact]
    public void AFileThatIsCopiedBackAddsOnlyWhatIsNew()
    {
        var copy = _scene.Folder["copy"];
        File.Copy(File1, copy);
        File.Delete(File1);
        _passes.Run();
        File.Copy(copy, File1);
        _scene.Home.Append("s1.jsonl", Some.Answer("a4", "10:04"));

        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Theory]
    [InlineData("DELETE FROM collector_state")]
    [InlineData("UPDATE collector_state SET value = 'nonsense'")]
    [InlineData("UPDATE collector_state SET value = '{}'")]
    [InlineData("UPDATE collector_state SET value = '{\"o\":\"x\"}'")]
    [InlineData("UPDATE collector_state SET value = '{\"o\":999999999,\"z\":5}'")]
    public void ALostOrBrokenCheckpointCostsARescanAndNeverANumber(string sql)
    {
        _passes.Dispose();
        StoreRows.Execute(_scene.Db, sql);
        _scene.Home.Append("s1.jsonl", Some.Answer("a4", "10:04"));

        var stored = _scene.Collect().Stored;

        (stored.Added, stored.Known).Should().Be((1, 3));
    }

    [Fact]
    public void WhatDidNotChangeIsNotOpenedAgain()
    {
        using (var first = _scene.StartPasses(new LaterClock()))
        {
            first.Run();
            first.Run().SourcesRead.Should().Be(0);
        }

        using var second = _scene.StartPasses(new LaterClock());
        second.Run().SourcesRead.Should().Be(0, "the checkpoint tells the next process");
        _scene.Home.Append("s1.jsonl", Some.Answer("a4", "10:04"));
        var pass = second.Run();

        (pass.SourcesRead, pass.Stored.Added, pass.Stored.Known).Should().Be((1, 1, 0));
    }

    [Fact]
    public void FilesAndAgentsThatAppearLaterAreFound()
    {
        _scene.Home.Log("s2.jsonl", Some.Answer("a4", "10:04"));
        _passes.Run().Stored.Added.Should().Be(1);
        _scene.Home.LogOf("late", "s3.jsonl", Some.Answer("a5", "10:05"));
        _passes.Run().Stored.Added.Should().Be(1);
    }

    IEnumerable<string?> Ids() => _scene.Events.Select(row => row.Text("entry_id"));

    IEnumerable<string> Checkpoints() => StoreRows.Query(_scene.Db, "SELECT key FROM collector_state WHERE key LIKE 'log:%' ORDER BY key")
        .Select(row => Path.GetFileName(row.Text("key")!));
}
