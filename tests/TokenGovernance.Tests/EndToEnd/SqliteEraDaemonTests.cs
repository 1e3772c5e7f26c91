namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The real program beside databases that are bad in every way, and beside one that is being written.</summary>
[Trait("Category", "Slow")]
public sealed class SqliteEraDaemonTests : IDisposable
{
    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _good;

    public SqliteEraDaemonTests()
    {
        _good = _scene.Home.MakeStore();
        _good.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void WhateverIsBadIsNamedOnceAndTheRestIsCollectedAllTheTime()
    {
        var bad = MakeBadThings();
        using (var collector = new RunningCollector(_scene))
        {
            collector.WaitFor("new event");

            // Each of these lines is a pass that met all of the bad things again.
            for (var i = 0; i < 5; i++)
            {
                _good.Append("s1", Some.Answer($"g{i}", $"10:1{i}"));
                collector.WaitFor("1 new event");
            }

            foreach (var (name, mention) in bad)
            {
                collector.Said.Should().ContainSingle(line => line.Contains(mention), $"{name} is named once");
            }

            File.Delete(_scene.Home.StoreOf("text"));
            collector.WaitFor($"no longer a problem: {_scene.Home.StoreOf("text")}");
        }

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "g0", "g1", "g2", "g3", "g4", "z1");
    }

    [Fact]
    public void AOneShotNamesWhatIsBadAndItsExitCodeSaysSoEachTime()
    {
        var bad = MakeBadThings();

        for (var i = 0; i < 2; i++)
        {
            var result = Cli.Run("collect", "--once", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db);

            result.ExitCode.Should().Be(3);
            foreach (var (name, mention) in bad.Where(thing => i == 0 || !thing.Name.EndsWith(" row")))
            {
                result.Error.Should().Contain(mention, $"{name} is bad");
            }
        }

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "z1");
    }

    [Fact]
    public void BadRowsAloneAreNoFailure()
    {
        _good.AppendRow("s1", null, null);

        var result = Cli.Run("collect", "--once", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db);

        result.ExitCode.Should().Be(0);
        result.Error.Should().Contain($"{_good.Path}#s1:3");
    }

    [Theory]
    [InlineData("openclaw-2026.9.6")]
    [InlineData("openclaw-2026.7.1-migrated-2026.9.6")]
    public void NothingIsEverWrittenIntoTheHome(string name)
    {
        var home = new Fixture(name).CopyTo(_scene.Folder["copy"]);
        var before = DirectorySnapshot.Of(home);

        foreach (var options in new string[][] { [], ["--rescan"] })
        {
            Cli.Run(["collect", "--once", "--db", _scene.Db, "--openclaw-home", home, .. options]).ExitCode.Should().Be(0);
        }

        DirectorySnapshot.Of(home).Should().Equal(before);
        _scene.Events.Should().HaveCount(43);
    }

    [Fact]
    public void EveryTurnOfALiveWriterArrivesOnceAndTheWriterNeverFails()
    {
        const int turns = 300;
        const int seed = 20261121;
        var random = new Random(seed);
        using (var collector = new RunningCollector(_scene, intervalSec: 0.01))
        {
            collector.WaitFor("new event");
            var writer = _good.Connect();
            for (var turn = 0; turn < turns; turn++)
            {
                // A reader never makes it wait; were it to, this throws.
                writer.DefaultTimeout = 30;
                AgentDatabaseBuilder.Execute(writer, "BEGIN IMMEDIATE");
                _good.Append(writer, $"t{turn % 7}", Some.Question($"q{turn}", Time(turn)));
                _good.Append(writer, $"t{turn % 7}", Some.Answer($"w{turn}", Time(turn), text: new string('x', random.Next(6_000))));
                AgentDatabaseBuilder.Execute(writer, "COMMIT");
                switch (random.Next(12))
                {
                    case 0:
                        AgentDatabaseBuilder.Execute(writer, "PRAGMA wal_checkpoint(PASSIVE)");
                        break;
                    case 1:
                        AgentDatabaseBuilder.Execute(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
                        break;
                    case 2:
                        // The gateway starts again: its last connection takes -wal and -shm with it.
                        writer.Dispose();
                        writer = _good.Connect();
                        break;
                }
            }

            writer.Dispose();

            // Sessions are read in the order of their names: once this one is there, all are.
            _good.Append("z", Some.Answer("end", "12:00"));
            while (!_scene.Events.Any(row => row.Text("entry_id") == "end"))
            {
                collector.WaitFor("new event");
            }

            collector.Said.Should().NotContain(line => line.Contains("warning"), $"nothing is wrong (seed {seed})");
        }

        _scene.Events.Where(row => row.Text("entry_id")!.StartsWith('w')).Select(row => $"{row.Text("session_id")} {row.Text("entry_id")}")
            .Should().BeEquivalentTo(Enumerable.Range(0, turns).Select(turn => $"t{turn % 7} w{turn}"), $"each arrives once (seed {seed})");
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    static string Time(int turn) => $"11:{turn / 60:00}:{turn % 60:00}";

    /// <summary>Makes bad things of every kind; returns how each is named.</summary>
    List<(string Name, string Mention)> MakeBadThings()
    {
        var bad = new List<(string, string)>();
        void Store(string agent, byte[] bytes)
        {
            var path = _scene.Home.StoreOf(agent);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
            bad.Add((agent, $"cannot read {path}: "));
        }

        Store("empty", []);
        Store("text", [.. Enumerable.Repeat((byte)'x', 10_000)]);
        Store("truncated", File.ReadAllBytes(_good.Path)[..9_000]);

        _good.AppendFrames("bad1", RawFrame.Of(Some.Answer("x", "10:20", text: new string('x', 3_000)))[..^4]);
        bad.Add(("corrupt row", $"{_good.Path}#bad1:1"));
        _good.AppendRow("bad2", "{}", [1]);
        bad.Add(("double row", $"{_good.Path}#bad2:1"));
        _good.AppendRow("bad3", null, null);
        bad.Add(("empty row", $"{_good.Path}#bad3:1"));

        var archive = _scene.Home.FileOf("z.jsonl.reset.2026-11-21T20-08-45.077Z.zst");
        File.WriteAllBytes(archive, [.. RawFrame.Of(Archives.Lines(Some.Header("z"), Some.Answer("z1", "12:05"))), 0x28]);
        bad.Add(("archive", $"cannot read {archive}: "));
        var cold = Archives.ColdFile(_scene.Home, Archives.Cold("c", Some.Answer("c1", "12:06")), new string('f', 64));
        bad.Add(("cold file", $"cannot read {cold}: "));
        Archives.ColdRow(_good, "c2", Archives.Cold("c2", Some.Answer("c2", "12:07")), new string('f', 64));
        bad.Add(("cold blob", $"cannot read {_good.Path}#session_transcript_cold_archives/c2: "));

        return bad;
    }
}
