using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>The store as a file: whose it is, who may read it, and which files are left alone.</summary>
public sealed class StoreFileTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OnlyTheOwnerMayReadTheStoreAndItsJournal()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Some.Event()] });

        var files = Directory.GetFiles(_folder.Path);

        files.Select(Path.GetFileName).Should().BeEquivalentTo("usage.db", "usage.db-wal", "usage.db-shm");
        files.Should().OnlyContain(file =>
            OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void ReadersAndTheWriterDoNotWaitForEachOther()
    {
        using var store = UsageStore.Open(Db);

        StoreRows.Query(Db, "PRAGMA journal_mode").Single().Text("journal_mode").Should().Be("wal");
    }

    [Fact]
    public void AClosedStoreIsOneFile()
    {
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Some.Event()] });
        }

        Directory.GetFiles(_folder.Path).Should().Equal(Db);
    }

    [Fact]
    public void AFolderThatIsMissingIsMade()
    {
        using var store = UsageStore.Open(_folder["a/b/usage.db"]);

        File.Exists(_folder["a/b/usage.db"]).Should().BeTrue();
    }

    /// <summary>.NET's own move would let the last one win, and lose what the others had stored.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatManyThatStartAtOnceStoredIsAllThere(bool inPlaceOfAnEmptyFile)
    {
        const int starters = 6;
        for (var round = 0; round < 5; round++)
        {
            var db = _folder[$"{round}.db"];
            if (inPlaceOfAnEmptyFile)
            {
                File.WriteAllBytes(db, []);
            }

            using var together = new Barrier(starters);
            await Task.WhenAll(Enumerable.Range(0, starters).Select(starter => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    using var store = inPlaceOfAnEmptyFile ? UsageStore.Initialise(db) : UsageStore.Open(db);
                    store.Append(new Batch { Events = [Some.Event($"a{starter}")] });
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            StoreRows.Events(db).Should().HaveCount(starters, "round {0}", round);
        }

        Directory.GetFiles(_folder.Path).Should().OnlyContain(file => file.EndsWith(".db", StringComparison.Ordinal), "nothing is left behind");
    }

    [Fact]
    public void TheFolderOfAStoreThatADaemonOpensAgainIsNotMade()
    {
        var open = () => UsageStore.OpenInFolder(_folder["gone/usage.db"], TimeProvider.System);

        open.Should().Throw<UserFacingException>();
        Directory.GetFileSystemEntries(_folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void AStoreThatMustBeThereIsNotMade()
    {
        var open = () => StoreReader.Read(Db, store => store.Path);

        open.Should().Throw<UserFacingException>().WithMessage($"*no store*{Db}*collect --once*");
        Directory.GetFileSystemEntries(_folder.Path).Should().BeEmpty();
    }

    [Fact]
    public void SomebodyElsesDatabaseIsRefusedUnchanged() =>
        RefusedUnchanged(() => StoreRows.Execute(Db, "CREATE TABLE t (x); INSERT INTO t VALUES (1)"), "*not one of token-governance*nothing was changed*");

    [Fact]
    public void SomebodyElsesDatabaseWithAVersionIsRefusedUnchanged() =>
        RefusedUnchanged(() => StoreRows.Execute(Db, "CREATE TABLE t (x); PRAGMA user_version = 1"), "*not one of token-governance*");

    [Fact]
    public void AFileThatIsNoDatabaseIsRefusedUnchanged() =>
        RefusedUnchanged(() => File.WriteAllText(Db, string.Join('\n', Enumerable.Repeat("shopping list", 500))), "*not a database*");

    [Fact]
    public void AStoreOfANewerProgramIsRefusedUnchanged() => RefusedUnchanged(
        () =>
        {
            UsageStore.Open(Db).Dispose();
            StoreRows.Execute(Db, "PRAGMA user_version = 999");
        },
        "*newer version*999*upgrade*");

    [Fact]
    public void AFolderIsNoStore()
    {
        Directory.CreateDirectory(Db);

        var open = () => UsageStore.Open(Db);

        open.Should().Throw<UserFacingException>().WithMessage($"*{Db}*");
    }

    [Fact]
    public void OpeningAStoreAgainLosesNothing()
    {
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Some.Event()], Checkpoints = [new Checkpoint("log:x", "{}")] });
        }

        using var again = UsageStore.Open(Db);

        again.ReadCheckpoints().Should().Equal(new Dictionary<string, string> { ["log:x"] = "{}" });
        StoreRows.Events(Db).Should().HaveCount(1);
    }

    [Fact]
    public void TheTablesOfTheStoreAreStrictAndItsViewsAnswer()
    {
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Some.Event(), Some.Event("a2", time: "23:59:59.999")] });
        }

        var row = StoreRows.Query(Db, "SELECT * FROM v_usage_events_enriched ORDER BY usage_ts")[0];
        row.Show("usage_date", "usage_hour", "usage_weekday").Should().Equal("usage_date=2026-11-21", "usage_hour=10", "usage_weekday=6");
        ((double)row["cache_ratio"]!).Should().BeApproximately(3 / 103.0, 1e-12);
        ((double)row["cost_per_1k_tokens"]!).Should().BeApproximately(330 / 123.0, 1e-12);
        foreach (var view in new[] { "v_usage_daily", "v_usage_monthly" })
        {
            StoreRows.Query(Db, $"SELECT * FROM {view}").Single().Show("events", "total_tokens", "cost_total", "unpriced_events").Should()
                .Equal("events=2", "total_tokens=246", "cost_total=0.66", "unpriced_events=0");
        }

        var insert = () => StoreRows.Execute(Db, "UPDATE usage_events SET input_tokens = 'many'");
        insert.Should().Throw<SqliteException>();
    }

    [Fact]
    public void ResponsesDeletedByTheNameTheyHaveForReadersLeaveNothingOfTheirSession()
    {
        const string Key = "agent:main:telegram:direct:700123456";
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Some.Event(), Some.Event("a2", "s2")] });
            store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { SessionKey = Key }] });
        }

        StoreRows.Execute(Db, $"""
            PRAGMA foreign_keys = ON;
            DELETE FROM usage_events WHERE session_key = '{Key}';
            UPDATE sessions SET session_key = NULL WHERE session_key = '{Key}';
            VACUUM;
            PRAGMA wal_checkpoint(TRUNCATE);
            """);

        File.ReadAllText(Db, System.Text.Encoding.Latin1).Should().NotContain("700123456");
        StoreRows.Events(Db).Should().ContainSingle().Which.Text("session_id").Should().Be("s2");
        RollupRows.ShouldBeTheEvents(Db);
    }

    void RefusedUnchanged(Action make, string message)
    {
        make();
        var before = DirectorySnapshot.Of(_folder.Path);

        foreach (var open in new Action[] { () => UsageStore.Open(Db).Dispose(), () => StoreReader.Read(Db, store => store.Path) })
        {
            open.Should().Throw<UserFacingException>().WithMessage(message);
        }

        DirectorySnapshot.Of(_folder.Path).Where(line => !line.StartsWith(_folder.Path + " ", StringComparison.Ordinal)).Should()
            .Equal(before.Where(line => !line.StartsWith(_folder.Path + " ", StringComparison.Ordinal)));
    }
}
