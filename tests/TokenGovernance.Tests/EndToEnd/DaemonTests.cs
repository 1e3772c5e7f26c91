namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`collect` without `--once`: it goes on, says little, and ends in order.</summary>
[Trait("Category", "Slow")]
public sealed class DaemonTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task ItCollectsUntilItIsToldToStopAndEndsWithZero(string signal)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var daemon = new RunningDaemon(_scene.Db, _scene.Home.Path);
        await daemon.WaitForAsync("1 new event");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"), Some.Answer("a3", "10:07"));
        await daemon.WaitForAsync("2 new events");

        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (exitCode, output) = await daemon.StopAsync(signal);

        (exitCode, output).Should().Be((0, ""));
        daemon.Lines[^1].Should().EndWith("stopped");
        _scene.Events.Should().HaveCount(3);
        File.Exists(_scene.Db + "-wal").Should().BeFalse("the store was closed");
    }

    [Fact]
    public async Task WhatIsWrongIsSaidOnceAndNotInEveryPass()
    {
        var folder = Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl")).FullName;
        _scene.Home.Index("{ torn");
        _scene.Home.Log("s1.jsonl", "bad line", Some.Answer("a0", "10:00"));
        using var daemon = new RunningDaemon(_scene.Db, _scene.Home.Path);
        await daemon.WaitForAsync($"cannot read {folder}");

        // Every event proves a further pass.
        for (var i = 1; i < 5; i++)
        {
            _scene.Home.Append("s1.jsonl", Some.Answer($"a{i}", $"10:0{i}"));
            await daemon.WaitForAsync("1 new event");
        }

        Directory.Delete(folder);
        await daemon.WaitForAsync($"no longer a problem: {folder}");

        daemon.Lines.Count(line => line.Contains($"cannot read {folder}", StringComparison.Ordinal)).Should().Be(1);
        daemon.Lines.Count(line => line.Contains("sessions.json", StringComparison.Ordinal)).Should().Be(1);
        daemon.Lines.Count(line => line.Contains("s1.jsonl:1", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task AHomeThatIsMissingIsWaitedForAndMakesNoStore()
    {
        var late = _scene.Folder["late"];
        using var daemon = new RunningDaemon(_scene.Db, late);
        await daemon.WaitForAsync($"cannot read {late}");
        File.Exists(_scene.Db).Should().BeFalse();

        new TestHome(late).Log("s1.jsonl", Some.Answer("a1"));
        await daemon.WaitForAsync("1 new event");

        daemon.Lines.Count(line => line.Contains(late, StringComparison.Ordinal) && line.Contains("warning", StringComparison.Ordinal))
            .Should().BeLessThan(3, "no folder, then perhaps a folder without agents");
    }

    [Fact]
    public async Task AOneShotBesideADaemonSimplyWorks()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        using var daemon = new RunningDaemon(_scene.Db, _scene.Home.Path);
        await daemon.WaitForAsync("1 new event");

        for (var i = 2; i < 6; i++)
        {
            _scene.Home.Append("s1.jsonl", Some.Answer($"a{i}", $"10:0{i}"));
            Cli.Run("collect", "--once", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path).ExitCode.Should().Be(0);
        }

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3", "a4", "a5");
    }

    [Fact]
    public async Task ADaemonLeavesTheHomeUntouchedToo()
    {
        var home = new Fixture("openclaw-2026.2.9").CopyTo(_scene.Folder["copy"]);
        var before = DirectorySnapshot.Of(home);
        using (var daemon = new RunningDaemon(_scene.Db, home))
        {
            await daemon.WaitForAsync("38 new events");
            DirectorySnapshot.Of(home).Should().Equal(before, "while it runs");
            daemon.Kill();
        }

        DirectorySnapshot.Of(home).Should().Equal(before);
    }

    [Fact]
    public async Task AStoreThatCannotBeUsedIsSaidOnceAndTheDaemonGoesOn()
    {
        File.WriteAllText(_scene.Db, string.Join('\n', Enumerable.Repeat("shopping list", 500)));
        using var daemon = new RunningDaemon(_scene.Db, _scene.Home.Path);

        await daemon.WaitForAsync("not a database");

        if (!OperatingSystem.IsWindows())
        {
            (await daemon.StopAsync("TERM")).ExitCode.Should().Be(0);
        }
    }
}
