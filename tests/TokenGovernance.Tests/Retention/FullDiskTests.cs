using TokenGovernance.Domain;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Retention;

/// <summary>The disk takes no more in the middle of a removal: that is told, sums stay exact, and the next run goes on from there.</summary>
[Trait("Category", "Slow")]
public sealed class FullDiskTests : IDisposable
{
    readonly ReportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ARemovalThatFindsNoRoomIsToldAndGoesOnLater()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Generate(21_000, seed: 5, UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-300)), everyMs: 300L * 86_400_000 / 21_000);
        _scene.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var before = RetentionScene.FewReports(_scene.Db);
        var wanted = Removed(CopyTo("whole.db"), limit: null);
        var stopped = new List<long>();
        foreach (var limit in new[] { 256, 4096, 4608 })
        {
            var db = CopyTo($"{limit}.db");
            var some = Removed(db, limit);
            stopped.Add(some);
            RetentionScene.LevelsShouldAgree(db, $"{limit} KiB");
            RetentionScene.FewReports(db).Should().Equal(before, $"{limit} KiB");

            Removed(db, limit: null).Should().Be(wanted, $"{limit} KiB");

            RetentionScene.FewReports(db).Should().Equal(before, $"{limit} KiB");
        }

        stopped.Should().Contain(0).And.Contain(count => count > 0 && count < wanted, "one of them stops in the middle");
    }

    string CopyTo(string name)
    {
        File.Copy(_scene.Db, _scene[name]);

        return _scene[name];
    }

    /// <summary>Removes what is older than 151 days.</summary>
    /// <returns>How many responses have gone by now.</returns>
    static long Removed(string db, int? limit)
    {
        string[] run = ["retention", "apply", "--keep", "151d", "--db", db];
        var result = limit is { } size ? Cli.RunWithFilesUpTo(size, run) : Cli.Run(run);
        if (limit is null)
        {
            result.ExitCode.Should().Be(0, result.Error);
        }
        else
        {
            result.ExitCode.Should().Be(1);
            result.Error.Should().Contain(db);
        }

        return StoreRows.Query(db, "SELECT pruned_events AS n FROM retention_state").Single().Number("n")!.Value;
    }
}
