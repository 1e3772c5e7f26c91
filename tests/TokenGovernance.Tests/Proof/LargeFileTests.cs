namespace TokenGovernance.Tests.Proof;

/// <summary>A file whose middle no fingerprint covers: then its size, its times and its inode tell.</summary>
public sealed class LargeFileTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Passes _passes;

    public LargeFileTests()
    {
        _scene.Home.Log("s1.jsonl", [Some.Header("s1"), .. Enumerable.Range(0, 1000).Select(i => Some.Answer($"a{i:d4}", text: new string('x', 200)))]);
        _passes = _scene.StartPasses();
        _passes.Run().Stored.Added.Should().Be(1000);
    }

    string File1 => _scene.Home.FileOf("s1.jsonl");

    string Edited => File.ReadAllText(File1).Replace("\"id\":\"a0500", "\"id\":\"b0500", StringComparison.Ordinal);

    public void Dispose()
    {
        _passes.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public void AnEntryExchangedInItsMiddleIsSeenWhereTheSizeStaysTheSame()
    {
        File.WriteAllText(File1, Edited);

        _passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void AnEntryExchangedInItsMiddleIsSeenWhereAnotherFileTookItsPlace()
    {
        File.WriteAllText(_scene.Folder["new"], $"{Edited}{Some.Answer("a1000", "10:06")}\n");
        File.Move(_scene.Folder["new"], File1, overwrite: true);

        _passes.Run().Stored.Added.Should().Be(2);
    }

    [Fact]
    public void WhatWasWrittenAMomentAgoIsLookedAtAgainAndWhatHasSettledIsNot()
    {
        _passes.Run().SourcesRead.Should().Be(1, "a file this young may have changed without a trace");

        using var later = _scene.StartPasses(new LaterClock());
        later.Run();
        later.Run().SourcesRead.Should().Be(0);
    }
}
