using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>A database that cannot be read is named; the good one beside it is collected, and nothing stored changes.</summary>
public sealed class BadDatabaseTests : IDisposable
{
    const int PageSize = 4096;

    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _good, _bad;

    public BadDatabaseTests()
    {
        _good = _scene.Home.MakeStoreOf("good");
        _good.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        _bad = _scene.Home.MakeStoreOf("bad");
        _bad.Window("s2", "agent:bad:main", ("channel", "telegram"));
        _bad.Append("s2", Some.Header("s2"), Some.Answer("b1", "10:06"));
    }

    public static TheoryData<string> Damages => ["empty", "text", "truncated", "torn", "garbage", "folder"];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public void ADamagedDatabaseIsNamedAndTheOtherCollected(string damage)
    {
        Fill(_bad);
        Damage(_bad.Path, damage);

        var pass = _scene.Collect();

        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(_bad.Path);
        pass.Failures[0].Reason.Should().NotBeEmpty();
        _scene.Events.Select(row => row.Text("entry_id")).Should().Contain("a1");
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void ADatabaseThatGetsDamagedTakesNothingAwayAndIsReadOnWhenItIsWholeAgain(string damage)
    {
        Fill(_bad);
        using var passes = _scene.StartPasses();
        passes.Run().Failures.Should().BeEmpty();
        var before = Shown();
        var whole = File.ReadAllBytes(_bad.Path);

        Damage(_bad.Path, damage);
        _good.Append("s1", Some.Answer("a2", "10:07"));
        var pass = passes.Run();

        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(_bad.Path);
        Shown().Should().Contain(before).And.HaveCount(before.Count + 1);

        if (damage is "folder")
        {
            Directory.Delete(_bad.Path);
        }

        File.WriteAllBytes(_bad.Path, whole);
        _bad.Append("s2", Some.Answer("b9", "10:09"));
        var after = passes.Run();

        (after.Stored.Added, after.Failures.Count).Should().Be((1, 0));
        Shown().Should().Contain(before);
    }

    [Fact]
    public void OneDamagedPageCostsNoMoreThanItsOwnRows()
    {
        Fill(_bad);
        _bad.Append("s3", Some.Header("s3"), Some.Answer("c1", "12:00"));
        var bytes = File.ReadAllBytes(_bad.Path);
        var row = bytes.AsSpan().IndexOf("\"id\":\"f100\""u8);
        bytes.AsSpan(row / PageSize * PageSize, PageSize).Fill(0xA5);
        File.WriteAllBytes(_bad.Path, bytes);
        using var passes = _scene.StartPasses(new LaterClock());

        var pass = passes.Run();

        pass.Failures.Should().ContainSingle().Which.Should().Be(new SourceFailure(_bad.Path, "it is damaged"));
        var ids = _scene.Events.Select(row => row.Text("entry_id")).ToList();
        ids.Should().Contain(["a1", "b1", "c1", "f0", "f90"]).And.NotContain("f100");

        // It stays a problem, and costs no more than one look a pass.
        var second = passes.Run();
        second.Failures.Should().Equal(pass.Failures);
        (second.BytesRead, second.Stored.Known).Should().Be((0, 0));
    }

    [Fact]
    public void ADatabaseThatIsBeingWrittenIsReadAsItWasBefore()
    {
        // A cache this small writes pages into the file long before the transaction ends.
        using var writer = _bad.Connect();
        AgentDatabaseBuilder.Execute(writer, "PRAGMA journal_mode = DELETE");
        AgentDatabaseBuilder.Execute(writer, "PRAGMA cache_size = 1");
        using var passes = _scene.StartPasses();
        AgentDatabaseBuilder.Execute(writer, "BEGIN EXCLUSIVE");
        for (var i = 0; i < 200; i++)
        {
            _bad.Append(writer, "s2", Some.Answer($"never{i}", "10:08", text: new string('x', 500)));
        }

        passes.Run().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "b1");

        AgentDatabaseBuilder.Execute(writer, "ROLLBACK");
        _bad.Append(writer, "s2", Some.Answer("b2", "10:09"));
        passes.Run().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "b1", "b2");
    }

    [Fact]
    public void AnExclusiveLockThatNothingIsWrittenUnderKeepsNobodyFromReading()
    {
        using var writer = _bad.Connect();
        AgentDatabaseBuilder.Execute(writer, "PRAGMA journal_mode = DELETE");
        AgentDatabaseBuilder.Execute(writer, "BEGIN EXCLUSIVE");

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "b1");
        AgentDatabaseBuilder.Execute(writer, "COMMIT");
    }

    [Fact]
    public void AWriterThatHasTheDatabaseToItselfIsReadThroughACopy()
    {
        // Such a writer keeps the index of its WAL in memory: there is no -shm to share.
        using var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _bad.Path, Pooling = false }.ToString());
        writer.Open();
        AgentDatabaseBuilder.Execute(writer, "PRAGMA locking_mode = EXCLUSIVE");
        _bad.Append(writer, "s2", Some.Answer("b2", "10:09"));
        File.Exists(_bad.Path + "-shm").Should().BeFalse();
        var before = DirectorySnapshot.Of(_scene.Home.Path);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "b1", "b2");
        DirectorySnapshot.Of(_scene.Home.Path).Should().Equal(before);
    }

    [Fact]
    public void ADatabaseThatIsReplacedIsReadLikeANewOne()
    {
        _bad.SetGeneration("s2", "g1");
        _bad.SetGeneration("s3", "g1");
        _bad.Append("s3", Some.Header("s3"), Some.Answer("c1", "10:20"));
        _bad.Execute("UPDATE session_windows SET updated_at = $t", ("t", Some.Ms("23:00")));
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        var before = Shown();

        // A backup of another day: one session as it was, one shorter, one that is new to us.
        var other = new AgentDatabaseBuilder(_scene.Folder["other.sqlite"]);
        other.SetGeneration("s2", "g0");
        other.Append("s2", Some.Header("s2"), Some.Answer("b1", "10:06"), Some.Answer("b2", "10:07"));
        other.Window("s4", "agent:bad:telegram:direct:1", ("channel", "telegram"));
        other.Append("s4", Some.Header("s4"), Some.Answer("d1", "10:30"));
        File.Move(other.Path, _bad.Path, overwrite: true);
        var pass = passes.Run();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((2, 0));
        Shown().Should().Contain(before);
        _scene.Events.Single(row => row.Text("entry_id") == "d1").Text("channel").Should().Be("telegram");
    }

    [Fact]
    public void ADatabaseThatIsRemovedLeavesItsEvents()
    {
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();

        File.Delete(_bad.Path);

        passes.Run().Failures.Should().BeEmpty();
        _scene.Events.Should().HaveCount(2);
    }

    [Fact]
    public void AHundredBadDatabasesDoNotKeepTheGoodOneFromBeingCollected()
    {
        for (var i = 0; i < 100; i++)
        {
            var path = _scene.Home.StoreOf($"bad{i}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        var pass = _scene.Collect();

        (pass.Failures.Count, pass.Stored.Added).Should().Be((100, 2));
    }

    static void Fill(AgentDatabaseBuilder store)
    {
        using var connection = store.Connect();
        AgentDatabaseBuilder.Execute(connection, "BEGIN");
        for (var i = 0; i < 200; i++)
        {
            store.Append(connection, "s2", Some.Answer($"f{i}", $"11:{i / 60}{i / 10 % 6}:{i % 60:00}", text: new string('x', 500)));
        }

        AgentDatabaseBuilder.Execute(connection, "COMMIT");
    }

    static void Damage(string path, string damage)
    {
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        if (damage is "folder")
        {
            Directory.CreateDirectory(path);

            return;
        }

        File.WriteAllBytes(path, damage switch
        {
            "empty" => [],
            "text" => [.. System.Text.Encoding.UTF8.GetBytes("This is a letter and no database. ").SelectMany(b => Enumerable.Repeat(b, 100))],
            "truncated" => bytes[..8_000],
            "torn" => bytes[..(bytes.Length / 2 - 100)],
            _ => [.. bytes[..100], .. Enumerable.Repeat((byte)0xA5, bytes.Length - 100)],
        });
    }

    List<string> Shown() => [.. _scene.Events.Select(row => row.ToString())];
}
