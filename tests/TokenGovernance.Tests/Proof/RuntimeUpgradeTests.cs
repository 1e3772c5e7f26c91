using TokenGovernance.Faults;

namespace TokenGovernance.Tests.Proof;

/// <summary>A store that counted rows of turns is upgraded by a daemon that is killed again and again, over a home that is being written.</summary>
[Trait("Category", "Slow")]
public sealed class RuntimeUpgradeTests : IDisposable
{
    static readonly Fixture Home = new("openclaw-2026.9.6-codex");

    /// <summary>Where the daemon dies: in the upgrade, between its steps, in the collection that heals, and in later ones.</summary>
    static readonly string[] Places =
    [
        $"{FailPoint.MigrationCopying}:1", $"{FailPoint.MigrationBeforeCommit}:1", $"{FailPoint.MigrationAfterCommit}:2", $"{FailPoint.MigrationBeforeCommit}:3",
        $"{FailPoint.AppendBeforeCommit}:1", $"{FailPoint.AppendAfterCommit}:1", $"{FailPoint.AppendBeforeCommit}:3", $"{FailPoint.AppendAfterCommit}:4",
    ];

    readonly Scene _scene = new();
    int _answers;

    string Transcript => Path.Combine(_scene.Home.Path, "agents", "main", "sessions", "busy.jsonl");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task InTheEndItHoldsWhatAFirstCollectionFinds()
    {
        var home = Home.CopyTo(_scene.Home.Path);
        StoreOfRows.Make(_scene.Db, home, Home);
        var rollouts = Directory.EnumerateFiles(home, "rollout-*.jsonl", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        _scene.ClaudeProjects = Path.Combine(_scene.Folder["user"], "projects");
        File.WriteAllText(Transcript, Some.Header("busy") + "\n");
        for (var i = 0; i < Places.Length; i++)
        {
            var part = (double)i / Places.Length;
            foreach (var (path, bytes) in rollouts)
            {
                File.WriteAllBytes(path, bytes[..(int)(bytes.Length * part)]);
            }

            CopyClaude(part);
            (await DieAsync(Places[i])).Should().NotBe(0, Places[i]);
        }

        foreach (var (path, bytes) in rollouts)
        {
            File.WriteAllBytes(path, bytes);
        }

        CopyClaude(1);
        _scene.Collect().Failures.Should().BeEmpty();

        using var fresh = new Scene { ClaudeProjects = _scene.ClaudeProjects };
        fresh.CollectFrom(home);
        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.Of(fresh.Events));
        _scene.Events.Where(row => row.Text("session_id") is not "busy").Sum(row => row.Number("total_tokens")).Should().Be(303_830);
        _scene.Events.Should().HaveCount(35 + _answers);
        RollupRows.ShouldBeTheEvents(_scene.Db);
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    /// <summary>Lets a daemon run until it dies, while responses are written.</summary>
    async Task<int> DieAsync(string place)
    {
        using var daemon = Cli.Start(
            new() { [FailPoint.Variable] = place, ["CLAUDE_CONFIG_DIR"] = _scene.Folder["user"] },
            "collect", "--runtime", "claude", "--interval-sec", "0.05", "--no-status", "--quiet", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db);
        var end = daemon.WaitForExitAsync();
        while (!end.IsCompleted)
        {
            _answers.Should().BeLessThan(10_000, $"it should have died at {place}");
            File.AppendAllText(Transcript, Some.Answer($"busy-{_answers++}", "10:05") + "\n");
            // How often somebody writes, until it ends: that is what is awaited.
            await Task.WhenAny(end, Task.Delay(50));
        }

        return daemon.ExitCode;
    }

    void CopyClaude(double part)
    {
        var from = Fixture.PathOf("openclaw-2026.9.6-codex/claude-projects");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_scene.ClaudeProjects!, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(copy, bytes[..(int)(bytes.Length * part)]);
        }
    }
}
