using System.Diagnostics;
using System.Text;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Homes as public reports show them: copies under any name, sessions elsewhere, odd files, names and strings.</summary>
public sealed class OddHomeTests : IDisposable
{
    const string Half = @"""\ud83d""";

    readonly Scene _scene = new();

    IEnumerable<string?> Ids => _scene.Events.Select(row => row.Text("entry_id"));

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("s1.jsonl.pre-doctor-branch-repair-2026-11-02T08-00-00-000Z.bak")]
    [InlineData("s1.jsonl.pre-doctor-openai-codex-repair-2026-11-02T08-00-00-000Z.bak")]
    [InlineData("s1.jsonl.bak-1234-1795291390423")]
    [InlineData("s1.jsonl.corrupt-2026-11-02T08-00-00-000Z-1a2b3c4d.jsonl")]
    [InlineData("s1.jsonl.a-name-to-come.2027")]
    [InlineData("s1.jsonl.reset.2026-11-21T20-11-12.323Z.0123456789abcdef0123456789abcdef")]
    public void ACopyUnderAnyNameIsReadAndIsNoSessionOfItsOwn(string name)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:05"));
        _scene.Home.Log(name, Some.Header("s1"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:06"));

        var pass = _scene.Collect();

        pass.Failures.Should().BeEmpty();
        Ids.Should().Equal("a1", "a2");
        _scene.Events.Should().OnlyContain(row => row.Text("session_id") == "s1");
        _scene.Collect().Stored.Known.Should().Be(0);
    }

    [Theory]
    [InlineData("s1.jsonl.lock", "{\"pid\":17,\"createdAt\":\"2026-11-21T10:00:00.000Z\"}")]
    [InlineData("s1.jsonl.note", "usage: none\n\"usage\"\n")]
    [InlineData("s1.jsonl.17.tmp", "{\"usage\":")]
    public void AFileThatOnlyHasSuchANameIsLeftAlone(string name, string text)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        File.WriteAllText(_scene.Home.FileOf(name), text);

        var pass = _scene.Collect();

        (pass.BadLines, pass.Failures.Count, pass.Stored.Added).Should().Be((0, 0, 1));
    }

    [Theory]
    [InlineData("daily-topic-digest", "daily-topic-digest.jsonl")]
    [InlineData("daily-topic-digest", "daily-topic-digest.jsonl.deleted.2026-11-01T00-00-00.000Z")]
    [InlineData("x.checkpoint.y", "x.checkpoint.y.jsonl")]
    [InlineData("x.checkpoint.y", "x.checkpoint.y.jsonl.reset.2026-11-01T00-00-00.000Z")]
    public void AnIdThatLooksLikeAFileNameIsWhatTheHeaderSays(string id, string file)
    {
        _scene.Home.Log(file, Some.Header(id), Some.Answer("a1"));
        _scene.Collect();
        _scene.Event.Text("session_id").Should().Be(id);

        // Without its header it is still the same session.
        _scene.Home.Append(file, Some.Answer("a2", "10:06"));
        _scene.Collect();
        _scene.Events.Should().OnlyContain(row => row.Text("session_id") == id);
    }

    [Theory]
    [InlineData("s1-topic-5.jsonl", "s1")]
    [InlineData("s1.checkpoint.0a1b2c3d-0000-4000-8000-000000000000.jsonl", "s1")]
    [InlineData("2026-11-21T20-03-10-480Z_s1.jsonl", "s1")]
    public void ANameThatTheHeaderDoesNotClaimIsAName(string file, string id)
    {
        _scene.Home.Log(file, Some.Header(id), Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be(id);
    }

    [Fact]
    public void SessionsThatASettingPutsElsewhereAreRead()
    {
        Directory.Delete(Path.Combine(_scene.Home.Path, "agents"), recursive: true);
        var data = _scene.Folder["data"];
        Configure($$"""{ /* json5 */ "session": { "store": "{{data}}/oc-{agentId}/sessions.json", }, }""");
        foreach (var (agent, id) in new[] { ("main", "a1"), ("work", "a2") })
        {
            Put($"{data}/oc-{agent}/s1.jsonl", Some.Header("s1"), Some.Answer(id, $"10:0{id[1]}"));
            Put($"{data}/oc-{agent}/sessions.json", $$$"""{"agent:{{{agent}}}:main":{"sessionId":"s1","lastChannel":"telegram"}}""");
        }

        Put($"{data}/other/s9.jsonl", Some.Answer("a9"));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => (row.Text("entry_id"), row.Text("agent_id"), row.Text("channel")))
            .Should().Equal(("a1", "main", "telegram"), ("a2", "work", "telegram"));
    }

    [Theory]
    [InlineData("{{session: {{store: '{0}'}}}}")]
    [InlineData("{{\"session\":{{\"store\":\"{0}\"}}}}")]
    public void OneFolderForAllAgentsTellsThemApartByTheirKeys(string configuration)
    {
        var data = _scene.Folder["data"];
        Configure(string.Format(System.Globalization.CultureInfo.InvariantCulture, configuration, $"{data}/sessions.json"));
        Put($"{data}/s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        Put($"{data}/s2.jsonl", Some.Header("s2"), Some.Answer("a2", "10:02"));
        Put($"{data}/s3.jsonl.reset.2026-11-21T20-11-12.323Z", Some.Header("s3"), Some.Answer("a3", "10:03"));
        Put($"{data}/s3.trajectory.jsonl", Some.SessionStarted("s3", "agent:third:main", "user"));
        Put($"{data}/s4.jsonl", Some.Header("s4"), Some.Answer("a4", "10:04"));
        Put($"{data}/sessions.json", $$$"""
            {"agent:one:main":{"sessionId":"s1","sessionFile":"{{{data}}}/s1.jsonl"},"agent:two:main":{"sessionId":"s2","sessionFile":"s2.jsonl"}}
            """);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("agent_id")).Should().Equal("one", "two", "third", "main");
    }

    [Fact]
    public void AFileOfTheFutureIsReadOnceAndNotForEver()
    {
        var path = _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddYears(3));
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run().Stored.Added.Should().Be(1);

        passes.Run().SourcesRead.Should().Be(0);
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddYears(3));
        passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void AClockThatIsBehindTheFilesDoesNotMakeThemBeReadForEver()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        var clock = new BehindClock();
        using var passes = _scene.StartPasses(clock);
        passes.Run().Stored.Added.Should().Be(1);
        passes.Run().SourcesRead.Should().Be(1, "nothing proves yet that it is the same");
        clock.Seconds += 3;
        passes.Run();

        passes.Run().SourcesRead.Should().Be(0);
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void HalvesOfSurrogatePairsEndNothing()
    {
        _scene.Home.Log(
            "s1.jsonl",
            $$"""{"type":"session","id":"s1",{{Half}}:1,"timestamp":"2026-11-21T10:00:00.000Z","cwd":{{Half}}}""",
            Some.Message("a1", "10:05", $$"""{{Half}}:{{Half}},"role":"assistant",{{Some.About}},"usage":{{{Half}}:{{Half}},{{Some.Usage[1..]}}""", entry: $"{Half}:1,"),
            Some.Message("a2", null, $$"""{{Half}}:1,"role":"assistant","model":{{Half}},"usage":{{Some.Usage}},"timestamp":{{Half}}""", entry: $"\"timestamp\":{Half},"),
            Some.Answer("a3", "10:07"));
        _scene.Home.Index($$$"""{"agent:main:main":{"sessionId":"s1",{{{Half}}}:1,"lastChannel":"telegram","label":{{{Half}}}},{{{Half}}}:{"sessionId":"s2"}}""");
        _scene.Home.Log("s1.trajectory.jsonl", Some.SessionStarted("s1", "agent:main:main", "cron").Replace("\"data\":{", $"{Half}:{Half},\"data\":{{{Half}:1,", StringComparison.Ordinal));
        _scene.Home.Import("agent_main_x.s5.jsonl.imported-17", Some.Header("s5"), Some.Answer("a5", "10:09"));
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs"));
        File.WriteAllText(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs", "r.json"), $$"""{"x":{{Half}},{{Half}}:[],"archivePath":"/a/agent_main_x.s5.jsonl.imported-17","sourcePath":"/b/other.jsonl"}""");

        var pass = _scene.Collect();

        (pass.Failures.Count, pass.BadLines).Should().Be((0, 0));
        Ids.Should().BeEquivalentTo("a1", "a2", "a3", "a5");
        _scene.Events.Single(row => row.Text("entry_id") == "a1").Text("channel").Should().Be("telegram");
        _scene.Events.Single(row => row.Text("entry_id") == "a1").Text("trigger").Should().Be("cron");
        _scene.Events.Single(row => row.Text("entry_id") == "a5").Text("session_id").Should().Be("other");
    }

    [Fact]
    public void ATornIndexIsUsedAsFarAsItIsWhole()
    {
        _scene.Home.Log("other.jsonl", Some.Answer("a1"));
        _scene.Home.Index("""{"agent:main:main":{"sessionId":"s1","sessionFile":"/x/other.jsonl","lastChannel":"telegram"},"agent:main:cron:j":{"sessionId":"s2","lastCh""");
        using var passes = _scene.StartPasses();

        passes.Run().Failures.Should().ContainSingle().Which.Reason.Should().Contain("not a whole session index");

        (_scene.Event.Text("session_id"), _scene.Event.Text("channel")).Should().Be(("s1", "telegram"));
        passes.Run().Failures.Should().ContainSingle("it is said until it is whole");
    }

    [Fact]
    public void AnIndexOfThreeGigabytesThatIsNoneIsNamed()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        using (var file = File.Create(_scene.Home.FileOf("sessions.json")))
        {
            file.Write("{\"agent:main:main\":{\"sessionId\":\"s1\",\"lastChannel\":\"telegram\"},"u8);
            file.SetLength(3_000_000_000);
        }

        _scene.Collect().Failures.Should().ContainSingle();

        (_scene.Event.Text("entry_id"), _scene.Event.Text("channel")).Should().Be(("a1", "telegram"));
    }

    [Theory]
    [InlineData("sessions.json")]
    [InlineData("s9.jsonl")]
    [InlineData("s9.jsonl.deleted.2026-11-21T20-11-12.323Z.zst")]
    [InlineData("s9.jsonl.copy")]
    [InlineData("s9.trajectory.jsonl")]
    [InlineData("cold/0123.jsonl.zst")]
    [InlineData("../session-sqlite-import-archive/agent_main_x.s9.jsonl.imported-17")]
    [InlineData("../session-sqlite-import-archive/legacy-store.sessions.json.imported-17")]
    [InlineData("../../../session-sqlite-migration-runs/r.json")]
    [InlineData("../../../state/openclaw.sqlite")]
    [InlineData("../agent/openclaw-agent.sqlite")]
    public async Task APipeUnderAnyNameIsNamedAndNotWaitedFor(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Import("agent_main_y.s2.jsonl.imported-17", Some.Header("s2"), Some.Answer("a2", "10:06"));
        var path = Path.GetFullPath(Path.Combine(_scene.Home.Sessions, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var process = Process.Start("mkfifo", [path]))
        {
            await process.WaitForExitAsync();
        }

        // Nobody writes into the pipe.
        var pass = await Task.Run(() => _scene.Collect()).WaitAsync(TimeSpan.FromMinutes(1));

        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
        Ids.Should().Equal("a1", "a2");
    }

    [Fact]
    public void ASparseFileOfAHundredGigabytesIsGivenUp()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using (var file = File.Create(_scene.Home.FileOf("s2.jsonl")))
        {
            file.Write(Encoding.UTF8.GetBytes(Some.Answer("a2", "10:06") + "\n"));
            file.SetLength(100_000_000_000);
        }

        using var passes = _scene.StartPasses();
        passes.Run().Failures.Should().ContainSingle().Which.Reason.Should().Contain("no end");
        passes.Run().Failures.Should().ContainSingle("it is known");
        Ids.Should().Contain("a1");
    }

    [Fact]
    public void ASparseFileInColdStorageIsGivenUp()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        Directory.CreateDirectory(_scene.Home.FileOf("cold"));
        using (var file = File.Create(_scene.Home.FileOf($"cold/{new string('0', 64)}.jsonl.zst")))
        {
            file.Write(Archives.Cold("s2", Some.Header("s2"), Some.Answer("a2", "10:06")));
            file.SetLength(1_000_000_000_000);
        }

        _scene.Collect().Failures.Should().ContainSingle().Which.Source.Should().Contain("cold");
        Ids.Should().Equal("a1");
    }

    [Fact]
    public void ANameThatIsNoUtf8IsNamed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        var made = Process.Start("bash", ["-c", $"printf '%s\\n' '{Some.Answer("a2")}' > $'{_scene.Home.Sessions}/s\\xff.jsonl'"]);
        made.WaitForExit();

        var failures = _scene.Collect().Failures;

        // .NET cannot name it either.
        Process.Start("bash", ["-c", $"rm -r '{_scene.Home.Path}'"]).WaitForExit();
        failures.Should().ContainSingle().Which.Reason.Should().Contain("UTF-8");
        Ids.Should().Equal("a1");
    }

    void Configure(string json) => File.WriteAllText(Path.Combine(_scene.Home.Path, "openclaw.json"), json);

    static void Put(string path, params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
    }

    sealed class BehindClock : TimeProvider
    {
        readonly DateTimeOffset _start = System.GetUtcNow().AddDays(-3);

        public int Seconds { get; set; }

        public override DateTimeOffset GetUtcNow() => _start.AddSeconds(Seconds);
    }
}
