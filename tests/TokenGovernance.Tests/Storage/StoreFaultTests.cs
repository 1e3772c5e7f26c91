using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>What can happen to a store: each is told, nothing is stored by halves, and no new store takes a damaged one's place.</summary>
[Trait("Category", "Slow")]
public sealed class StoreFaultTests : IDisposable
{
    const int PageSize = 4096;

    readonly Scene _scene = new();

    string Db => _scene.Db;

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(0, "empty file*truncated*restore a backup*")]
    [InlineData(10, "not a database*restore a backup*")]
    [InlineData(100, "damaged*restore a backup*")]
    [InlineData(PageSize, "damaged*restore a backup*")]
    [InlineData(3 * PageSize, "damaged*restore a backup*")]
    [InlineData((8 * PageSize) + 17, "damaged*restore a backup*")]
    public void ATruncatedStoreIsToldAndLeftAsItIs(int length, string message)
    {
        Fill();
        using (var file = File.OpenWrite(Db))
        {
            file.SetLength(length);
        }

        RefusedByEveryVerb(message);
    }

    [Fact]
    public void DamagedPagesAreToldAndLeftAsTheyAre()
    {
        Fill();
        using (var file = File.OpenWrite(Db))
        {
            file.Position = PageSize;
            var noise = new byte[file.Length - PageSize];
            new Random(1).NextBytes(noise);
            file.Write(noise);
        }

        RefusedByEveryVerb("damaged*restore a backup*");
    }

    [Fact]
    public void ADamagedFirstPageIsToldAndLeftAsItIs()
    {
        Fill();
        using (var file = File.OpenWrite(Db))
        {
            file.Write(new byte[PageSize]);
        }

        RefusedByEveryVerb("not a database*restore a backup*");
    }

    [Fact]
    public void InitMakesAStoreOfAnEmptyFile()
    {
        File.WriteAllText(Db, "");

        Cli.Run("init", "--db", Db).Output.Should().StartWith("Created");

        Fill();
        _scene.Events.Should().HaveCount(2);
    }

    [Fact]
    public void AFullDiskIsToldAndNothingIsStoredByHalves()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Some.Event()], Checkpoints = [new Checkpoint("log:x", "1")] });
        var more = new Batch
        {
            Events = [.. Enumerable.Range(0, 500).Select(i => Some.Event($"e{i}"))],
            Checkpoints = [new Checkpoint("log:x", "2")],
        };
        var pages = StoreRows.Query(Db, "PRAGMA page_count").Single().Number("page_count");

        store.Connection.Execute($"PRAGMA max_page_count = {pages + 2}");
        var append = () => store.Append(more);
        append.Should().Throw<UserFacingException>().WithMessage($"*no room*{Db}*");
        append.Should().Throw<UserFacingException>("it is still full").WithMessage($"*no room*{Db}*");
        store.ReadCheckpoints()["log:x"].Should().Be("1");
        _scene.Events.Should().ContainSingle();

        store.Connection.Execute("PRAGMA max_page_count = 1000000");
        append().Added.Should().Be(500);
        append().Added.Should().Be(0);
        store.ReadCheckpoints()["log:x"].Should().Be("2");
        _scene.Events.Should().HaveCount(501);
    }

    [Fact]
    public void ALockThatIsHeldTooLongIsToldAndNothingIsStoredByHalves()
    {
        using var store = UsageStore.Open(Db, busyTimeout: TimeSpan.FromSeconds(1));
        var append = () => store.Append(new Batch { Events = [Some.Event()], Checkpoints = [new Checkpoint("log:x", "1")] });

        using (Lock())
        {
            append.Should().Throw<UserFacingException>().WithMessage($"*{Db}*locked by another program*nothing was written*");
            store.ReadCheckpoints().Should().BeEmpty();
        }

        append().Added.Should().Be(1);
    }

    [Fact]
    public void AnUpgradeWaitsForTheOriginalToFinishAndSaysSo()
    {
        LegacyDatabaseBuilder.CopyFixture(Db);
        var open = () => UsageStore.Open(Db, busyTimeout: TimeSpan.FromSeconds(1));

        using (Lock())
        {
            open.Should().Throw<UserFacingException>().WithMessage($"*{Db}*locked by another program*");
        }

        open().Dispose();
        StoreRows.Query(Db, "SELECT count(*) AS n FROM usage_events").Single().Number("n").Should().Be(40);
    }

    [Fact]
    public async Task ADaemonSaysOnceThatTheStoreIsLockedAndGoesOnWhenItIsNot()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        using var daemon = new RunningDaemon(Db, _scene.Home.Path);
        await daemon.WaitForAsync("1 new event");

        using (Lock())
        {
            _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:02"));
            await daemon.WaitForAsync($"error: The store {Db} is locked by another program");
        }

        await daemon.WaitForAsync("collecting again");
        await daemon.StopAsync("TERM");

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
        daemon.Lines.Where(line => line.Contains("error: ", StringComparison.Ordinal)).Should().ContainSingle();
    }

    [Fact]
    public async Task AWriteAheadLogThatIsLostIsReadAgainFromTheSources()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        _scene.Collect();
        using (var daemon = new RunningDaemon(Db, _scene.Home.Path))
        {
            _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:02"));
            await daemon.WaitForAsync("1 new event");
            daemon.Kill();
        }

        File.Exists($"{Db}-wal").Should().BeTrue("nobody could clean up");
        File.Delete($"{Db}-wal");
        File.Delete($"{Db}-shm");
        _scene.Events.Should().ContainSingle("the other was in the log");
        _scene.Collect();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
    }

    [Fact]
    public void TwoThatMakeTheSameStoreAtOnceBothUseIt()
    {
        Parallel.For(0, 8, i =>
        {
            using var store = UsageStore.Open(Db);
            store.Append(new Batch { Events = [Some.Event($"e{i}")] }).Added.Should().Be(1);
        });

        _scene.Events.Should().HaveCount(8);
        Directory.GetFiles(_scene.Folder.Path).Should().Equal(Db);
    }

    void Fill()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"), Some.Answer("a2", "10:02"));
        _scene.Collect();
    }

    void RefusedByEveryVerb(string message)
    {
        _scene.Home.Append("s1.jsonl", Some.Answer("a3", "10:03"));
        var before = File.ReadAllBytes(Db);
        string[][] verbs =
        [
            ["collect", "--once", "--no-status", "--openclaw-home", _scene.Home.Path],
            ["export-csv", "--out-dir", _scene.Folder["exports"]],
            ["export-parquet", "--out-dir", _scene.Folder["exports"]],
        ];
        foreach (var verb in verbs)
        {
            var result = Cli.Run([.. verb, "--db", Db]);

            result.ExitCode.Should().Be(1);
            result.Error.Should().Match($"error: *{Db}*{message}").And.NotContain("   at ");
            result.Output.Should().BeEmpty();
            File.ReadAllBytes(Db).Should().Equal(before);
        }
    }

    /// <summary>What another program does that begins to write and does not end.</summary>
    SqliteConnection Lock()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Db, Pooling = false }.ToString());
        connection.Open();
        connection.Execute("BEGIN IMMEDIATE");

        return connection;
    }
}
