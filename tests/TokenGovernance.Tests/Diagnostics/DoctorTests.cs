using System.Text.Json;
using Microsoft.Data.Sqlite;
using TokenGovernance.Diagnostics;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Tests.Diagnostics;

/// <summary>What the doctor finds, and what it leaves alone, by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class DoctorTests : IDisposable
{
    readonly Scene _scene = new();
    string? _home;

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void WhereAllIsWellItSaysSoAndEndsWithZero()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();

        var result = Examine();

        result.ExitCode.Should().Be(0, result.Output);
        result.Error.Should().BeEmpty();
        result.Output.Should().EndWith($"Everything is fine.{Environment.NewLine}").And.NotContain("!!").And.ContainAll(
            "token-governance ", _scene.Db, "1 events", "intact", "not running: last pass 20", _scene.Home.Path, "1 agent", "main: JSONL era: 1 file",
            "no quota snapshots", "local time zone");
    }

    [Fact]
    public void ItTellsTheEraAndSchemaOfEachAgentAndWhatThePassHasYetToRead()
    {
        var home = new Fixture("openclaw-2026.7.1-migrated-2026.9.6").CopyTo(_scene.Folder["copy"]);
        _scene.CollectFrom(home);
        new TestHome(home).LogOf("late", "s1.jsonl", Some.Answer("a1"));

        var result = Examine(home);

        result.Output.Should().MatchRegex(@"agent +main: .*SQLite era: schema \d+").And.Contain("late: JSONL era: 1 file")
            .And.MatchRegex(@"sources +\S+: \d+ sources? ha(s|ve) something new: the next pass reads it");
    }

    [Fact]
    public void ItNamesWhereTheConfigurationPutsSessionsAndWhatIsWrongThere()
    {
        Directory.CreateDirectory(_scene.Folder["data"]);
        File.WriteAllText(Path.Combine(_scene.Folder["data"], "s1.jsonl"), Some.Answer("a1") + "\n");
        File.WriteAllText(Path.Combine(_scene.Folder["data"], "sessions.json"), "{\"torn\":");
        File.WriteAllText(Path.Combine(_scene.Home.Path, "openclaw.json"), $$"""{"session":{"store":"{{_scene.Folder["data"].Replace('\\', '/')}}/sessions.json"} }""");
        _scene.Collect();

        var result = Examine();

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain($"{_scene.Folder["data"]}: 1 file; session.store puts them there").And.Contain("not a whole session index");
    }

    [Fact]
    public async Task ItSeesADaemonProcess()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene);
        await daemon.SaysAsync("1 new event,");

        Examine().Output.Should().MatchRegex("ok +daemon +running: ");
    }

    [Fact]
    public void ItChangesNothing()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();
        _scene.Home.Log("s2.jsonl", Some.Answer("a2", "10:06"));
        var before = DirectorySnapshot.Of(_scene.Home.Path);

        Examine();

        DirectorySnapshot.Of(_scene.Home.Path).Should().Equal(before);
        _scene.Events.Should().HaveCount(1, "it looks for what is new and leaves it to the next pass");
    }

    [Fact]
    public void AMissingStoreNeedsAttentionAndIsNotMade()
    {
        Complaint("store").Should().Contain("There is no store at").And.Contain("collect --once --db");
        File.Exists(_scene.Db).Should().BeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    public void ADamagedStoreNeedsAttention(int position)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();
        using (var file = File.OpenWrite(_scene.Db))
        {
            file.Position = position;
            file.Write(new byte[4096 * 3].Select(_ => (byte)0x5a).ToArray());
        }

        Complaint("store").Should().MatchRegex("damaged|not a database");
    }

    [Fact]
    public void AReaderThatKeepsTheLogGrowingNeedsAttention()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();
        StoreRows.Execute(_scene.Db, "CREATE TABLE mine (bytes BLOB)");
        using var daemon = new SqliteConnection($"Data Source={_scene.Db};Pooling=False");
        daemon.Open();
        using (var reader = new SqliteConnection($"Data Source={_scene.Db};Pooling=False"))
        {
            reader.Open();
            using var transaction = reader.BeginTransaction(deferred: true);
            reader.QueryInt("SELECT count(*) FROM event_facts");
            daemon.Execute("INSERT INTO mine VALUES (randomblob(20000000))");

            Look().Should().ContainSingle(finding => finding.NeedsAttention).Which.Text.Should()
                .Contain("MiB of it cannot be moved into the store").And.Contain("Close that program");
        }

        daemon.Execute("INSERT INTO mine VALUES (randomblob(20000000))");

        Look().Should().NotContain(finding => finding.NeedsAttention);
    }

    [Fact]
    public void ItSaysWhatTakesLongAndLeavesItOutWhereAsked()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"), Some.Answer("a2", "10:07"));
        _scene.Collect();
        StoreRows.Execute(_scene.Db, "CREATE TABLE mine AS SELECT zeroblob(70000000) AS x; PRAGMA wal_checkpoint(TRUNCATE)");
        using (var file = File.OpenWrite(_scene.Db))
        {
            // Within the chain of pages of the large value: nothing else reads it.
            file.Position = file.Length - 20_000;
            file.Write(Enumerable.Repeat((byte)0x5a, 10_000).ToArray());
        }

        var (whole, quick) = (Examine(), Examine(null, "--quick"));

        whole.Output.Should().Contain("damaged");
        whole.Error.Should().MatchRegex(@"^checking all \d+\.\d MiB of the store; --quick leaves this out");
        quick.Output.Should().Contain($"2 events, newest {Some.Time("10:07")}; not checked for damage");
        (quick.ExitCode, quick.Error).Should().Be((0, ""));
    }

    [Fact]
    public void AMissingHomeNeedsAttention()
    {
        _scene.Collect();
        _home = _scene.Folder["nowhere"];

        Complaint("home").Should().Contain("there is no such folder");
    }

    [Fact]
    public void AHomeWithoutAgentsNeedsAttention()
    {
        _scene.Collect();
        _home = Directory.CreateDirectory(_scene.Folder["hollow"]).FullName;

        Complaint("home").Should().Contain("no agents there: looked for folders in");
    }

    [Fact]
    public void AnAgentsDatabaseThatCannotBeReadNeedsAttention()
    {
        _scene.Collect();
        var folder = Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "agents", "main", "agent")).FullName;
        File.WriteAllText(Path.Combine(folder, "openclaw-agent.sqlite"), "this is no database, however long it may be read");

        Complaint("agent", "sources").Should().Contain("main: its database cannot be read: it is not a database");
    }

    [Fact]
    public void AStoreThatOthersMayReadNeedsAttention()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Collect();
        File.SetUnixFileMode(_scene.Db, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Complaint("store").Should().Contain("others may read it").And.Contain("chmod 600");
    }

    [Fact]
    public void EventsInTheFutureNeedAttention()
    {
        var tomorrow = UtcTime.Format(DateTimeOffset.UtcNow.AddDays(1));
        _scene.Home.Log("s1.jsonl", Some.Answer("a1").Replace(Some.Time("10:05"), tomorrow, StringComparison.Ordinal));
        _scene.Collect();

        Complaint("clock").Should().Contain("events lie in the future");
    }

    IReadOnlyList<Finding> Look() => new StoreExaminer(_scene.Db, isDaemonRunning: true, TimeProvider.System).Examine().Findings;

    /// <summary>What needs attention, in the words of the text; the JSON and the exit code say the same.</summary>
    string Complaint(params string[] areas)
    {
        var text = Examine(_home);
        var json = Examine(_home, "--json");

        (text.ExitCode, json.ExitCode).Should().Be((1, 1));
        text.Output.Should().EndWith($"Items marked !! need attention.{Environment.NewLine}");
        (text.Error, json.Error).Should().Be(("", ""));
        using var document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("ok").GetBoolean().Should().BeFalse();
        document.RootElement.GetProperty("findings").EnumerateArray()
            .Where(finding => finding.GetProperty("needs_attention").GetBoolean())
            .Select(finding => finding.GetProperty("area").GetString()).Should().Equal(areas);
        var complaints = text.Output.Split('\n').Where(line => line.StartsWith("!!", StringComparison.Ordinal)).ToList();
        complaints.Should().HaveSameCount(areas);

        return string.Join('\n', complaints);
    }

    CliResult Examine(string? home = null, params string[] options) => Cli.Run(
        ["doctor", "--db", _scene.Db, "--openclaw-bin", _scene.Folder["no-openclaw"], "--openclaw-home", home ?? _scene.Home.Path, .. options]);
}
