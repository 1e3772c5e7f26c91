using TokenGovernance.Faults;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>The real program dies while calls of other runtimes and OpenClaw's accounts of their turns arrive; in the end each is there once.</summary>
[Trait("Category", "Slow")]
public sealed class RuntimeFailPointTests : IDisposable
{
    const string Name = "openclaw-2026.9.6-codex";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FailPoint.AppendBeforeCommit)]
    [InlineData(FailPoint.AppendAfterCommit)]
    public void WhereverACollectionDiesTheNextOneEndsWithEveryCallOnce(string place)
    {
        new Fixture(Name).CopyTo(_folder["home"]);
        CopyClaude(part: 1);

        FailPointTests.DieEachTime(place, time =>
        {
            var db = _folder[$"{time}.db"];
            UsageStore.Open(db).Dispose();
            var died = FailPointTests.Died(Collect(db, $"{place}:{time}"));
            RollupRows.ShouldBeTheEvents(db);
            Collect(db).ExitCode.Should().Be(0);
            EveryCallShouldBeThereOnce(db);

            return died;
        }).Should().BeGreaterThanOrEqualTo(3);
    }

    [Fact]
    public void ACollectionThatDiesAgainAndAgainWhileTheFilesGrowEndsWithEveryCallOnce()
    {
        const int parts = 8;
        var db = _folder["usage.db"];
        UsageStore.Open(db).Dispose();
        var random = new Random(TestSeed.Value);
        var home = new Fixture(Name).CopyTo(_folder["home"]);
        var rollouts = Directory.EnumerateFiles(home, "rollout-*.jsonl", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        for (var part = 0; part <= parts; part++)
        {
            foreach (var (path, bytes) in rollouts)
            {
                File.WriteAllBytes(path, bytes[..(int)((long)bytes.Length * part / parts)]);
            }

            CopyClaude((double)part / parts);
            FailPointTests.Died(Collect(db, $"{(random.Next(2) == 0 ? FailPoint.AppendBeforeCommit : FailPoint.AppendAfterCommit)}:{random.Next(1, 5)}"));
        }

        Collect(db).ExitCode.Should().Be(0);

        EveryCallShouldBeThereOnce(db);
    }

    static void EveryCallShouldBeThereOnce(string db)
    {
        StoreRows.Query(db, "SELECT count(*) AS n, sum(total_tokens) AS total, min(scope) AS scope, count(session_id) AS known FROM usage_events")
            .Single().Show("n", "total", "scope", "known").Should().Equal("n=35", "total=303830", "scope=call", "known=35");
        RollupRows.ShouldBeTheEvents(db);
    }

    void CopyClaude(double part)
    {
        var from = Fixture.PathOf($"{Name}/claude-projects");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder["user"], "projects", Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            var bytes = File.ReadAllBytes(file);
            File.WriteAllBytes(copy, bytes[..(int)(bytes.Length * part)]);
        }
    }

    CliResult Collect(string db, string? failAt = null) => Cli.Run(
        new Dictionary<string, string?> { [FailPoint.Variable] = failAt, ["CLAUDE_CONFIG_DIR"] = _folder["user"] },
        "collect", "--once", "--no-status", "--runtime", "claude", "--openclaw-home", _folder["home"], "--db", db);
}
