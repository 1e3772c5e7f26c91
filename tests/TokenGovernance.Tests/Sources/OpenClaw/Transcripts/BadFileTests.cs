using System.Diagnostics;
using TokenGovernance.Collection;
using TokenGovernance.Sources;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.Transcripts;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Things in a home that cannot be read: named, and the rest is read all the same.</summary>
public sealed class BadFileTests : IDisposable
{
    readonly Scene _scene = new();

    public BadFileTests() => _scene.Home.Log("good.jsonl", Some.Header("good"), Some.Answer("a1"));

    public void Dispose() => _scene.Dispose();

    public static TheoryData<string> Troubles => ["folder", "dangling link", "pipe", "unreadable"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public void WhatCannotBeReadIsNamedAndTheRestIsRead(string trouble)
    {
        var path = _scene.Home.FileOf("x.jsonl");
        Make(trouble, path);

        var pass = _scene.Collect();

        pass.Stored.Added.Should().Be(1);
        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
        pass.Failures[0].Reason.Should().NotBeNullOrWhiteSpace();
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public void ATrajectoryThatCannotBeReadIsNamedToo(string trouble)
    {
        var path = _scene.Home.FileOf("good.trajectory.jsonl");
        Make(trouble, path);

        var pass = _scene.Collect();

        pass.Stored.Added.Should().Be(1);
        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
    }

    [Theory]
    [MemberData(nameof(Troubles))]
    public void AnIndexThatCannotBeReadIsNamedAndTheTranscriptsAreRead(string trouble)
    {
        var path = _scene.Home.FileOf("sessions.json");
        Make(trouble, path);

        var pass = _scene.Collect();

        pass.Stored.Added.Should().Be(1);
        _scene.Event.Text("session_id").Should().Be("good");

        // A link that leads nowhere is an index that is missing, and that is ordinary.
        pass.Failures.Select(failure => failure.Source).Should().Equal(new FileInfo(path).LinkTarget is null ? [path] : []);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"agent:main:main\":{\"sessionId\":\"good\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void ATornOrForeignIndexIsNamedAndTheTranscriptsAreRead(string json)
    {
        _scene.Home.Index(json);

        var pass = _scene.Collect();

        pass.Stored.Added.Should().Be(1);
        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(_scene.Home.FileOf("sessions.json"));
    }

    [Fact]
    public void ATornIndexFillsWhatWasUnknownOnceItIsWhole()
    {
        using var passes = _scene.StartPasses();
        _scene.Home.Index("{\"agent:main:telegram:direct:1\":{");
        passes.Run().Failures.Should().HaveCount(1);
        _scene.Home.Index("""{"agent:main:telegram:direct:1":{"sessionId":"good"}}""");
        passes.Run().Failures.Should().BeEmpty();

        _scene.Event.Text("channel").Should().Be("telegram");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"agent:main:main\":5,\"version\":2,\"entries\":[]}")]
    [InlineData("{\"agent:main:main\":{\"sessionId\":5,\"sessionFile\":{}}}")]
    [InlineData("{\"\":{}}")]
    [InlineData("\uFEFF{}")]
    public void AnIndexThatSaysNothingUsefulIsNoFailure(string json)
    {
        _scene.Home.Index(json);

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((1, 0));
    }

    [Theory]
    [InlineData("home with spaces")]
    [InlineData("home [*] 100%")]
    [InlineData("hömé-ホーム-😀")]
    [InlineData("home'; DROP TABLE usage_events; --")]
    public void HomesOfAnyNameAreRead(string name)
    {
        using var scene = new Scene(name);
        scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        scene.Collect().Failures.Should().BeEmpty();
        scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));

        var stored = scene.Collect().Stored;

        (stored.Added, stored.Known).Should().Be((1, 0), "the checkpoint was found under that name");
        scene.Events.Should().OnlyContain(row => row.Text("home") == scene.Folder[name]);
    }

    [Fact]
    public void ALinkedTranscriptAgentAndHomeAreReadAndCountOnce()
    {
        var elsewhere = new TestHome(_scene.Folder["elsewhere"]);
        var target = elsewhere.Log("t1.jsonl", Some.Header("t1"), Some.Answer("a2", "10:06"));
        File.CreateSymbolicLink(_scene.Home.FileOf("t1.jsonl"), target);
        Directory.CreateSymbolicLink(Path.Combine(_scene.Home.Path, "agents", "linked"), Path.Combine(elsewhere.Path, "agents", "main"));
        Directory.CreateSymbolicLink(_scene.Folder["link"], _scene.Home.Path);

        var pass = _scene.CollectFrom([_scene.Home.Path, _scene.Folder["link"]]);

        (pass.Stored.Added, pass.Stored.Known, pass.Failures.Count).Should().Be((2, 1, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFileThatVanishesBetweenListingAndOpeningIsNoFailure(bool alone)
    {
        var gone = alone ? _scene.Home.FileOf("good.jsonl") : _scene.Home.Log("gone.jsonl", Some.Answer("a2"));
        using var store = UsageStore.Open(_scene.Db);
        var home = new OpenClawHome(_scene.Home.Path);
        var collector = new Collector(
            store,
            checkpoints => [new TranscriptSource(home, checkpoints, new LookRules(), TimeProvider.System), new Meddler(() => File.Delete(gone))],
            rescan: false,
            TimeProvider.System);

        var pass = collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

        (pass.Stored.Added, pass.Failures.Count).Should().Be((alone ? 0 : 1, 0));
    }

    [Fact]
    public void AgentsWithoutSessionsAndFilesAmongAgentsAreNoFailure()
    {
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "agents", "empty"));
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "agents", "odd", "sessions", "folder"));
        File.WriteAllText(Path.Combine(_scene.Home.Path, "agents", "note.txt"), "x");

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((1, 0));
    }

    static void Make(string trouble, string path)
    {
        if (trouble is "folder" || OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (trouble is "pipe")
        {
            using var process = Process.Start("mkfifo", [path]);
            process.WaitForExit();
            process.ExitCode.Should().Be(0);
        }
        else if (trouble is "unreadable" && Environment.UserName is not "root")
        {
            File.WriteAllText(path, Some.Answer("hidden"));
            File.SetUnixFileMode(path, UnixFileMode.None);
        }
        else
        {
            // Permissions do not bind root: a link that leads nowhere cannot be read by anybody.
            File.CreateSymbolicLink(path, path + ".nowhere");
        }
    }

    /// <summary>Works on the files just after the sources before it were polled.</summary>
    sealed class Meddler(Action meddle) : IUsageSource
    {
        public string Name => "meddler";

        public void Poll(SourceNews news, PassReport report) => meddle();
    }
}
