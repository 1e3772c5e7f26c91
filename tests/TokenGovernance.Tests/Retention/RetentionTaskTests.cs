using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Retention.Passes;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Retention;

/// <summary>`retention keep`: a daemon removes by itself; and `compact` gives back the space.</summary>
public sealed class RetentionTaskTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ADaemonRemovesWhatTheStoreSaysAndGoesOnCollecting()
    {
        Cli.Run("init", "--db", _scene.Db).ExitCode.Should().Be(0);
        Cli.Run("retention", "keep", "13mo", "--archive", _scene.Folder["archive"], "--db", _scene.Db).Output.Should().Contain("keeps single responses for 13mo");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Answer("a1", daysAgo: 900), Answer("a2", daysAgo: 3), Answer("a3", daysAgo: 2));
        using var daemon = await DaemonProcess.StartAsync(_scene);

        (await daemon.SaysAsync("removed")).Should().Contain("removed 1 response of before").And.Contain("their sums stay");

        _scene.Home.Append("s1.jsonl", Answer("a4", daysAgo: 800), Answer("a5", daysAgo: 1));
        await daemon.SaysAsync("1 new event");
        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a2", "a3", "a5");
        Duck.Query($"SELECT entry_id AS id FROM '{_scene.Folder["archive"]}/usage_events/**/*.parquet'").Select(row => row["id"]).Should().Equal("a1");
        StoreRows.Query(_scene.Db, "SELECT sum(events) AS n FROM usage_days").Single().Number("n").Should().Be(4);
        Cli.Run("compact", "--db", _scene.Db).Error.Should().Contain("A daemon collects into").And.Contain("Nothing was changed");
        daemon.Signal(DaemonProcess.Terminate);
        (await daemon.EndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task ADaemonDoesNotRemoveMoreThanHalfByItself()
    {
        Cli.Run("init", "--db", _scene.Db).ExitCode.Should().Be(0);
        Cli.Run("retention", "keep", "13mo", "--db", _scene.Db).ExitCode.Should().Be(0);
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Answer("a1", daysAgo: 900), Answer("a2", daysAgo: 800), Answer("a3", daysAgo: 2));
        using var daemon = await DaemonProcess.StartAsync(_scene);

        (await daemon.SaysAsync("not removed")).Should().Contain("more than half").And.Contain("--yes");

        _scene.Events.Should().HaveCount(3);
        daemon.Signal(DaemonProcess.Terminate);
        (await daemon.EndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public void APolicyIsShownAndTakenBack()
    {
        Cli.Run("init", "--db", _scene.Db).ExitCode.Should().Be(0);
        Cli.Run("retention", "keep", "30d", "--db", _scene.Db).ExitCode.Should().Be(1);
        Cli.Run("retention", "keep", "soon", "--db", _scene.Db).ExitCode.Should().Be(2);
        Cli.Run("retention", "--db", _scene.Db).Output.Should().Contain("Nothing is removed by itself");

        Cli.Run("retention", "keep", "2y", "--db", _scene.Db).ExitCode.Should().Be(0);
        Cli.Run("retention", "--db", _scene.Db).Output.Should().Contain("A daemon keeps them for 2y");
        Cli.Run("retention", "keep", "forever", "--db", _scene.Db).ExitCode.Should().Be(0);

        Cli.Run("retention", "--db", _scene.Db).Output.Should().Contain("Nothing is removed by itself");
    }

    [Theory]
    [InlineData(null, null, "2026-11-20T12:00", false)]
    [InlineData("13mo", null, "2026-11-20T12:00", true)]
    [InlineData("13mo", "2026-11-19T02:00", "2026-11-20T00:30", false)]
    [InlineData("13mo", "2026-11-19T02:00", "2026-11-20T01:10", true)]
    [InlineData("13mo", "2026-11-20T01:10", "2026-11-20T04:00", false)]
    [InlineData("13mo", "2026-11-19T02:00", "2026-11-20T13:00", false)]
    [InlineData("13mo", "2026-11-19T02:00", "2026-11-20T14:00", true)]
    public void ItIsDueOnceANightAndByDayIfThereWasNoNight(string? keep, string? applied, string now, bool isDue)
    {
        static DateTimeOffset Local(string text) => new(DateTime.Parse(text, CultureInfo.InvariantCulture), TimeSpan.FromHours(2));
        var state = new RetentionState(null, null, false, 0, applied is null ? null : Local(applied).ToUnixTimeMilliseconds(), keep, null, null);

        RetentionTask.IsDue(state, Local(now)).Should().Be(isDue);
    }

    [Fact]
    public void CompactGivesBackTheSpaceAndChangesNothingElse()
    {
        using var scene = new ReportScene();
        scene.Generate(6000, seed: 4, UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-300)), everyMs: 300L * 86_400_000 / 6000);
        Cli.Run("retention", "apply", "--keep", "100d", "--yes", "--db", scene.Db).ExitCode.Should().Be(0);
        var before = RetentionScene.FewReports(scene.Db);
        var token = FeedFollower.ReadPage(scene.Db, null).Next;

        using var json = JsonDocument.Parse(Cli.Run("compact", "--json", "--db", scene.Db).Output);

        json.RootElement.GetProperty("bytes_after").GetInt64().Should().BeLessThan(json.RootElement.GetProperty("bytes_before").GetInt64()).And.Be(new FileInfo(scene.Db).Length);
        RetentionScene.FewReports(scene.Db).Should().Equal(before);
        FeedFollower.ReadPage(scene.Db, token).Changes.Should().BeEmpty();
        scene.Query("PRAGMA integrity_check").Single().Values.Should().Equal("ok");
        Cli.Run("compact", "--db", scene["nothing.db"]).Error.Should().Contain("There is no store at");
    }

    [Fact]
    public void AStoreWithNothingToGiveBackIsLeftAsItIs()
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");
        using (var json = JsonDocument.Parse(Cli.Run("compact", "--json", "--db", scene.Db).Output))
        {
            json.RootElement.GetProperty("bytes_after").GetInt64().Should().BeLessThanOrEqualTo(json.RootElement.GetProperty("bytes_before").GetInt64());
        }

        var before = File.ReadAllBytes(scene.Db);

        Cli.Run("compact", "--db", scene.Db).Output.Should().Contain("hardly anything of it free: it was left as it is");

        File.ReadAllBytes(scene.Db).Should().Equal(before);
    }

    [Fact]
    public void CompactingWithoutRoomIsRefused() =>
        FluentActions.Invoking(() => StoreSpace.RequireToCompact("/d/usage.db", needed: 200_000_000, free: 150_000_000)).Should().Throw<UserFacingException>()
            .WithMessage("*needs about 200 MB*150 MB*Nothing was changed*");

    static string Answer(string id, int daysAgo)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddDays(-daysAgo);

        return Some.Answer(id).Replace(Some.Time("10:05"), UtcTime.Format(time), StringComparison.Ordinal)
            .Replace(Some.Ms("10:05").ToString(CultureInfo.InvariantCulture), time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
