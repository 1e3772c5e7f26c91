using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.Retention;

/// <summary>`retention`, by the real program: what goes, what stays, what is refused, and that it can be killed at any place.</summary>
public sealed class RetentionVerbTests : IDisposable
{
    readonly ReportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    string Archive => _scene["archive"];

    [Fact]
    public void APlanSaysWhatWouldGoAndChangesNothing()
    {
        Fill(2000);
        var before = _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"];

        var text = Run("plan", "--keep", "250d");
        using var json = JsonDocument.Parse(Run("plan", "--keep", "250d", "--json").Output);

        var cut = UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-250))[..10];
        var expected = (long)_scene.Query($"SELECT count(*) AS n FROM usage_events WHERE coalesce(started_ts, event_ts) < '{cut}'")[0]["n"]!;
        json.RootElement.GetProperty("responses").GetInt64().Should().Be(expected).And.BePositive();
        json.RootElement.GetProperty("floor").GetString().Should().Be($"{cut}T00:00:00.000Z");
        text.Output.Should().Contain($"Keeping 250d: single responses from {cut} (UTC) on.").And.Contain("Nothing was changed");
        _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"].Should().Be(before);
        Run().Output.Should().Contain("All single responses are kept.");
    }

    [Theory]
    [InlineData("61d", 1, "too short", "62 days at least")]
    [InlineData("1mo", 1, "too short", "62 days at least")]
    [InlineData("13", 2, "--keep takes 400d, 60w, 13mo or 2y, not '13'", "--keep")]
    [InlineData("0d", 2, "not '0d'", "--keep")]
    [InlineData("-400d", 2, "not '-400d'", "--keep")]
    [InlineData("2025-01-01", 2, "not '2025-01-01'", "--keep")]
    [InlineData("99999999999y", 2, "not '99999999999y'", "--keep")]
    public void AWrongTimeIsRefused(string keep, int code, string because, string hint)
    {
        Fill(20);

        foreach (var verb in new[] { "plan", "apply" })
        {
            var result = Run(verb, $"--keep={keep}");

            result.ExitCode.Should().Be(code);
            result.Error.Should().Contain(because).And.Contain(hint);
        }

        _scene.Query("SELECT floor_ms FROM retention_state")[0]["floor_ms"].Should().BeNull();
    }

    [Fact]
    public void MoreThanHalfIsRefusedUnlessThatIsWanted()
    {
        Fill(400);

        var refused = Run("apply", "--keep", "62d");

        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain("more than half").And.Contain("clock").And.Contain("--yes");
        _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"].Should().Be(400L);
        Run("apply", "--keep", "62d", "--yes").ExitCode.Should().Be(0);
        _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"].Should().NotBe(400L);
        _scene.Query("SELECT sum(events) AS n FROM usage_days")[0]["n"].Should().Be(400L);
    }

    [Fact]
    public void AStoreThatIsMissingOrOlderIsRefused()
    {
        Run("apply", "--keep", "13mo").Error.Should().Contain("There is no store at");

        OlderStore.MakeSchema2(_scene.Db);
        var result = Run("apply", "--keep", "13mo");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("older version").And.Contain("init");
    }

    [Fact]
    public void AFleetThatCannotBeAskedKeepsEverything()
    {
        Fill(400);
        File.WriteAllText(_scene["config.toml"], "[fleet]\nurl = \"postgresql://tokens@127.0.0.1:1/tokens\"\n");

        var result = Run("apply", "--keep", "250d", "--config", _scene["config.toml"]);

        result.ExitCode.Should().Be(3);
        _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"].Should().Be(400L);
        _scene.Query("SELECT floor_ms FROM retention_state")[0]["floor_ms"].Should().BeNull();
    }

    [Fact]
    public void AnArchiveHoldsWhatGoesCellByCell()
    {
        Fill(1500);
        var cut = UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-200))[..10];
        var gone = _scene.Query($"SELECT *, hex(event_key) AS k FROM usage_events WHERE coalesce(started_ts, event_ts) < '{cut}'").ToDictionary(row => (string)row["k"]!);

        using var json = JsonDocument.Parse(Run("apply", "--keep", "200d", "--archive", Archive, "--json").Output);

        json.RootElement.GetProperty("removed").GetInt64().Should().Be(gone.Count);
        json.RootElement.GetProperty("archived").GetInt64().Should().Be(gone.Count);
        json.RootElement.GetProperty("archive_files").GetArrayLength().Should().BeGreaterThan(2);
        var archived = Duck.Query($"SELECT hex(event_key) AS k, session_id, session_key, model, channel, total_tokens, cost_total, event_ts, job_id FROM '{Archive}/usage_events/**/*.parquet'");
        archived.Select(row => row["k"]).Order(StringComparer.Ordinal).Should().Equal(gone.Keys.Order(StringComparer.Ordinal));
        foreach (var row in archived)
        {
            foreach (var column in new[] { "session_id", "session_key", "model", "channel", "event_ts", "job_id" })
            {
                row[column].Should().Be((string?)gone[row["k"]][column] ?? "");
            }

            row["total_tokens"].Should().Be(Convert.ToString(gone[row["k"]]["total_tokens"], CultureInfo.InvariantCulture));
            row["cost_total"].Should().Be(gone[row["k"]]["cost_total"] is double cost ? cost.ToString("R", CultureInfo.InvariantCulture) : "");
        }
    }

    [Fact]
    public void WithoutAnArchiveThatCanBeWrittenNothingGoes()
    {
        Fill(400);
        File.WriteAllText(Archive, "a file, no folder");

        var result = Run("apply", "--keep", "250d", "--archive", Archive);

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain(Archive).And.Contain("Nothing was removed");
        _scene.Query("SELECT count(*) AS n FROM usage_events")[0]["n"].Should().Be(400L);

        // What was begun with an archive is not ended without one.
        Run("apply", "--keep", "250d").ExitCode.Should().Be(1);
        File.Delete(Archive);
        Run("apply", "--keep", "250d").Output.Should().Contain("archived in");
    }

    /// <summary>Killed at every place where something was just done, and run again: as if it had never been killed.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void KilledAnywhereItGoesOnAndEndsAlike()
    {
        Fill(21_000);
        var before = RetentionScene.FewReports(_scene.Db);
        var gone = _scene.Query($"SELECT hex(event_key) AS k FROM usage_events WHERE coalesce(started_ts, event_ts) < '{UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-151))[..10]}' ORDER BY 1").Select(row => (string)row["k"]!).ToList();
        gone.Count.Should().BeGreaterThan(2 * PruningStore.StepEvents, "several transactions");
        _scene.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        (string Place, int Times)[] places = [(FailPoint.ExportBeforeRename, 2), (FailPoint.PruneBeforeCommit, 3), (FailPoint.PruneAfterCommit, 6)];
        foreach (var (place, times) in places)
        {
            for (var time = 1; time <= times; time++)
            {
                var (db, archive) = (_scene[$"{place}-{time}.db"], _scene[$"{place}-{time}"]);
                File.Copy(_scene.Db, db);
                string[] run = ["retention", "apply", "--keep", "151d", "--archive", archive, "--db", db];

                Cli.Run(new() { [FailPoint.Variable] = $"{place}:{time}" }, run).ExitCode.Should().NotBe(0, $"{place} {time}");
                RetentionScene.LevelsShouldAgree(db, $"{place} {time}");
                Cli.Run(run).ExitCode.Should().Be(0);

                RetentionScene.FewReports(db).Should().Equal(before, $"{place} {time}");
                StoreRows.Query(db, "SELECT pruned_events AS n, (SELECT count(*) FROM usage_events) AS left FROM retention_state").Single().Show("n", "left").Should().Equal($"n={gone.Count}", $"left={21_000 - gone.Count}");
                Duck.Query($"SELECT hex(event_key) AS k FROM '{archive}/usage_events/**/*.parquet' ORDER BY 1").Select(row => row["k"]).Should().Equal(gone, $"{place} {time}");
            }
        }
    }

    [Fact]
    public void ExportsSayThatSomethingIsNotInThem()
    {
        Fill(400);
        Run("apply", "--keep", "250d").ExitCode.Should().Be(0);

        var export = Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene["out"]);
        var recent = Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene["out"], "--since", "30d");
        var odd = Cli.Run("report", "--db", _scene.Db, "--since", $"{UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-280))[..10]}T10:07Z", "--json");

        export.Error.Should().Contain("were removed by 'retention'").And.Contain("not in the export");
        recent.Error.Should().BeEmpty();
        odd.Error.Should().Contain("quarters of an hour");
        odd.Output.Should().Contain("T10:00:00.000Z").And.Contain("\"sums_only_before\"");
        Cli.Run("report", "jobs", "--db", _scene.Db, "--since", "2020-01-01").Output.Should().Contain("they do not tell runs apart");
        Run().Output.Should().Contain("Single responses are kept from");
    }

    [Fact]
    public void AFloorThatIsClearedLetsARescanBringEverythingBackOnce()
    {
        using var scene = new Scene();
        var home = new Fixture("openclaw-2026.7.1").CopyTo(scene.Folder["copy"]);
        scene.CollectFrom(home);
        var before = RetentionScene.Reports(scene.Db);
        var events = StoreRows.Query(scene.Db, "SELECT hex(event_key) AS k FROM usage_events ORDER BY 1").Select(row => row.Text("k")).ToList();
        RetentionScene.Prune(scene.Db, RetentionScene.Midnight("2027-01-01")).Removed.Should().Be(events.Count);

        var refused = Cli.Run("retention", "clear-floor", "--db", scene.Db);
        var cleared = Cli.Run("retention", "clear-floor", "--db", scene.Db, "--yes");
        StoreRows.Query(scene.Db, "SELECT (SELECT count(*) FROM usage_quarters) + (SELECT count(*) FROM usage_group_hours) AS n").Should().OnlyContain(row => row.Number("n") == 0);
        scene.CollectFrom(home, rescan: true);

        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain("--yes");
        cleared.Output.Should().Contain("--rescan");
        StoreRows.Query(scene.Db, "SELECT hex(event_key) AS k FROM usage_events ORDER BY 1").Select(row => row.Text("k")).Should().Equal(events);
        RetentionScene.Reports(scene.Db).Should().Equal(before);
        RollupRows.ShouldBeTheEvents(scene.Db);
    }

    void Fill(int count) => _scene.Generate(count, seed: 5, UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-300)), everyMs: 300L * 86_400_000 / count);

    CliResult Run(params string[] words) => Cli.Run(["retention", .. words, "--db", _scene.Db]);
}
