using TokenGovernance.Faults;

namespace TokenGovernance.Tests.Proof;

/// <summary>The real program dies at a place that is named to it, as in a power cut; the next run makes everything whole.</summary>
[Trait("Category", "Slow")]
public sealed class FailPointTests : IDisposable
{
    /// <summary>More transactions than any of these runs makes.</summary>
    const int MostTimes = 40;

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FailPoint.AppendBeforeCommit, false)]
    [InlineData(FailPoint.AppendAfterCommit, false)]
    [InlineData(FailPoint.FillAfterAppend, true)]
    public void WhereverACollectionDiesTheNextOneEndsWithEveryEventOnce(string place, bool isNew)
    {
        using var home = WriteHome(rounds: 3);
        var deaths = DieEachTime(place, time =>
        {
            var db = Db($"{time}");
            if (!isNew)
            {
                Run(null, "init", "--db", db).ExitCode.Should().Be(0);
            }

            var died = Died(Collect(db, $"{place}:{time}"));
            home.ShouldHoldPartOf(db);
            home.ShouldAllBeIn(db, () => Collect(db));
            Run(null, "collect", "--once", "--no-status", "--rescan", "--json", "--openclaw-home", _folder["home"], "--db", db)
                .Output.Should().Contain("\"events_added\":0");

            return died;
        });

        deaths.Should().BeGreaterThanOrEqualTo(isNew ? 3 : 4, "sessions, two portions of events, and in a store that is there the end of the pass");
    }

    [Fact]
    public async Task ADaemonThatDiesAgainAndAgainWhileTheHomeIsWrittenEndsWithEveryEventOnce()
    {
        using var home = WriteHome(rounds: 1);
        var db = Db("usage");
        Run(null, "init", "--db", db).ExitCode.Should().Be(0);
        foreach (var place in (string[])["append-before-commit:1", "append-after-commit:1", "append-before-commit:2", "append-after-commit:2"])
        {
            using var daemon = Cli.Start(
                new() { [FailPoint.Variable] = place }, "collect", "--interval-sec", "0.05", "--no-status", "--quiet",
                "--openclaw-home", _folder["home"], "--db", db);
            var writing = Task.Run(home.WriteRound);
            await Task.WhenAll(daemon.WaitForExitAsync(), writing);
            home.ShouldHoldPartOf(db);
        }

        home.Finish();

        home.ShouldAllBeIn(db, () => Collect(db));
    }

    /// <summary>Of the write-ahead log any part may have reached the disk: what counts is up to the last whole transaction in it.</summary>
    [Fact]
    public void WhateverPartOfTheLogIsLeftEveryEventIsThereOnceInTheEnd()
    {
        const int parts = 12;
        using var home = WriteHome(rounds: 3);
        var db = Db("usage");
        Run(null, "init", "--db", db).ExitCode.Should().Be(0);
        Died(Collect(db, "append-after-commit:3")).Should().BeTrue();
        var log = File.ReadAllBytes($"{db}-wal");
        log.Length.Should().BeGreaterThan(50_000, "or there is nothing to lose");

        foreach (var part in Enumerable.Range(0, parts + 1))
        {
            var copy = Db($"part-{part}");
            File.Copy(db, copy);
            File.WriteAllBytes($"{copy}-wal", log[..(int)((long)log.Length * part / parts)]);

            home.ShouldAllBeIn(copy, () => Collect(copy));
        }
    }

    [Fact]
    public void AStoreThatIsBeingMadeIsThereWholeOrNotAtAll()
    {
        var db = Db("usage");

        Died(Run(FailPoint.StoreBeforeRename, "init", "--db", db)).Should().BeTrue();

        File.Exists(db).Should().BeFalse();
        Run(null, "init", "--db", db).ExitCode.Should().Be(0);
        StoreRows.Query(db, "SELECT * FROM usage_events").Should().BeEmpty();
    }

    [Fact]
    public void AnExportReplacesAFileByAWholeOneOrNotAtAll()
    {
        using var home = WriteHome(rounds: 1);
        var (db, old, whole) = (Db("usage"), _folder["old"], _folder["whole"]);
        Collect(db).ExitCode.Should().Be(0);
        Export(db, old);
        home.WriteRound();
        home.Finish();
        Collect(db).ExitCode.Should().Be(0);
        Export(db, whole);

        var deaths = DieEachTime(FailPoint.ExportBeforeRename, time =>
        {
            var folder = _folder[$"export-{time}"];
            Directory.CreateDirectory(folder);
            foreach (var file in Directory.GetFiles(old))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            var died = Died(Run($"{FailPoint.ExportBeforeRename}:{time}", "export-csv", "--db", db, "--out-dir", folder));
            File.ReadAllBytes(Path.Combine(folder, "usage_events.csv")).Should()
                .Equal(File.ReadAllBytes(Path.Combine(time == 1 ? old : whole, "usage_events.csv")));
            Export(db, folder);
            foreach (var file in Directory.GetFiles(whole))
            {
                File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))).Should().Equal(File.ReadAllBytes(file));
            }

            return died;
        });

        deaths.Should().Be(2, "there are two files");
    }

    BusyHome WriteHome(int rounds)
    {
        var home = new BusyHome(_folder["home"], new Random(TestSeed.Value));
        for (var round = 0; round < rounds; round++)
        {
            home.WriteRound();
        }

        home.Finish();

        return home;
    }

    string Db(string name)
    {
        Directory.CreateDirectory(_folder["store"]);

        return Path.Combine(_folder["store"], $"{name}.db");
    }

    CliResult Collect(string db, string? failAt = null) =>
        Run(failAt, "collect", "--once", "--no-status", "--json", "--openclaw-home", _folder["home"], "--db", db);

    static void Export(string db, string folder) => Run(null, "export-csv", "--db", db, "--out-dir", folder).ExitCode.Should().Be(0);

    /// <summary>Tries with the first, second, third time, until it no longer dies; returns how often it did.</summary>
    internal static int DieEachTime(string place, Func<int, bool> dies)
    {
        for (var time = 1; time < MostTimes; time++)
        {
            if (!dies(time))
            {
                return time - 1;
            }
        }

        throw new InvalidOperationException($"It comes to {place} more than {MostTimes} times.");
    }

    internal static CliResult Run(string? failAt, params string[] args) => Cli.Run(new() { [FailPoint.Variable] = failAt }, args);

    /// <summary>It ended as a program does that is killed; any other failure is a failure of the test.</summary>
    internal static bool Died(CliResult result)
    {
        var killed = OperatingSystem.IsWindows() ? -1 : 128 + 9;
        result.ExitCode.Should().BeOneOf([killed, 0], result.Error);

        return result.ExitCode == killed;
    }
}
