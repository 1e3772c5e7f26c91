using TokenGovernance.Sources.OpenClaw.Transcripts;

namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Which files of an agent are read, and whose they are.</summary>
public sealed class FileKindTests : IDisposable
{
    const string Id = "5d4b9be7-6c61-4818-9ba9-7888e0fff60c";
    const string Other = "986068d9-c2c1-49c5-ac3a-99195b8260cb";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(Id + ".jsonl", Id)]
    [InlineData("sess-main-1.jsonl", "sess-main-1")]
    [InlineData("2026-11-21T20-30-07-022Z_" + Id + ".jsonl", Id)]
    [InlineData(Id + ".jsonl.reset.2026-11-21T20-11-12.323Z", Id)]
    [InlineData(Id + ".jsonl.reset.2026-11-21T20-11-12.323Z.581d74e4d9714e5485a32cc772125be0", Id)]
    [InlineData(Id + ".jsonl.deleted.2026-11-21T20-11-12.323Z", Id)]
    [InlineData(Id + ".jsonl.bak.2026-11-21T20-11-12.323Z", Id)]
    [InlineData("2026-11-21T20-30-07-022Z_" + Id + ".jsonl.deleted.2026-11-21T20-11-12.323Z", Id)]
    [InlineData(Id + "-topic-42.jsonl", Id)]
    [InlineData(Id + "-topic-42.jsonl.reset.2026-11-21T20-11-12.323Z", Id)]
    [InlineData(Id + ".checkpoint." + Other + ".jsonl", Id)]
    [InlineData("with.dots.jsonl", "with.dots")]
    [InlineData("ünï cödé [*].jsonl", "ünï cödé [*]")]
    public void TranscriptsAndTheirArchivesAreReadUnderTheIdInTheirName(string file, string session)
    {
        _scene.Home.Log(file, Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be(session);
        _scene.Event.Text("source_file").Should().Be(_scene.Home.FileOf(file));
    }

    [Theory]
    [InlineData(Id + ".trajectory.jsonl")]
    [InlineData(Id + ".trajectory.jsonl.deleted.2026-11-21T20-11-12.323Z")]
    [InlineData(Id + ".trajectory.jsonl.reset.2026-11-21T20-11-12.323Z")]
    [InlineData(Id + ".trajectory.jsonl.bak.2026-11-21T20-11-12.323Z")]
    [InlineData(Id + ".trajectory-path.json")]
    [InlineData("sessions.json.bak.1")]
    [InlineData("sessions.json.1234.tmp")]
    [InlineData(Id + ".jsonl.tmp")]
    [InlineData(Id + ".jsonl.reset.2026-11-21T20-11-12.323Z.tmp")]
    [InlineData(Id + ".jsonl.lock")]
    [InlineData(Id + ".jsonl~")]
    [InlineData(Id + ".jsonlines")]
    [InlineData(Id + ".json")]
    [InlineData(".jsonl")]
    public void OtherFilesAreNeverCounted(string file)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Home.Log(file, Some.Answer("decoy"));

        var pass = _scene.Collect();

        pass.Failures.Should().BeEmpty();
        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void ImportedTrajectoriesAreNeverCounted()
    {
        _scene.Home.Import($"agent_main_main.{Id}.trajectory.jsonl.imported-1795293176852", Some.Answer("decoy"));
        _scene.Home.Import($"agent_main_main.{Id}.trajectory-path.json.imported-1795293176852", Some.Answer("decoy"));
        _scene.Home.Import("legacy-store.sessions.json.imported-1795293176852", "{}");
        _scene.Home.Import($"agent_main_main.{Id}.jsonl.imported-1795293176852", Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void TheIndexKnowsTheSessionOfATopicFileBetterThanItsName()
    {
        _scene.Home.Log($"{Id}-topic-42.jsonl", Some.Header(Other), Some.Answer("a1"));
        _scene.Home.Index($$$"""
            {"agent:main:telegram:group:-100:topic:42":{"sessionId":"{{{Other}}}","sessionFile":"/old/place/{{{Id}}}-topic-42.jsonl"}}
            """);

        _scene.Collect();

        _scene.Event.Show("session_id", "session_key", "channel", "chat_type").Should().Equal(
            $"session_id={Other}", "session_key=agent:main:telegram:group:-100:topic:42", "channel=telegram", "chat_type=group");
    }

    [Fact]
    public void TheIndexKnowsTheSessionOfAnArchiveByTheNameItHadWhenItWasAlive()
    {
        _scene.Home.Log("odd-name.jsonl.reset.2026-11-21T20-11-12.323Z", Some.Answer("a1"));
        _scene.Home.Index("""{"agent:main:main":{"sessionId":"s9","sessionFile":"C:\\Users\\me\\.openclaw\\agents\\main\\sessions\\odd-name.jsonl"}}""");

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be("s9");
    }

    [Fact]
    public void TheHeaderIsTheLastToBeBelieved()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("foreign"), Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be("s1");
    }

    [Theory]
    [InlineData("agent_main_main.5d4b9be7.jsonl.imported-1795293176852", "5d4b9be7")]
    [InlineData("agent_main_telegram_direct_a.b.c.5d4b9be7.jsonl.imported-1795293176852", "5d4b9be7")]
    [InlineData("agent_main_main.5d4b9be7.with.dots.jsonl.imported-1795293176852", "5d4b9be7.with.dots")]
    [InlineData("agent_main_x.2026-11-21T20-30-07-022Z_5d4b9be7.jsonl.imported-1795293176852", "5d4b9be7")]
    public void AnImportedFileIsNamedByItsHeaderWhereKeysAndNamesHoldDots(string file, string session)
    {
        _scene.Home.Import(file, Some.Header(session), Some.Answer("a1"));

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be(session);
    }

    [Fact]
    public void AnImportedFileIsNamedByTheManifestFirst()
    {
        const string file = "agent_main_a.b.s.1.jsonl.imported-1795293176852";
        _scene.Home.Import(file, Some.Header("b.s.1"), Some.Answer("a1"));
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs"));
        File.WriteAllText(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs", "run.json"), $$"""
            {"targets":[{"files":[{"sourcePath":"/home/user/.openclaw/agents/main/sessions/s.1.jsonl","archivePath":"/home/user/x/{{file}}"}]}]}
            """);

        _scene.Collect();

        _scene.Event.Text("session_id").Should().Be("s.1");
    }

    [Fact]
    public void WithoutManifestAndHeaderTheLongestTranscriptNameIsTaken() =>
        TranscriptName.ParseImported("agent_main_a.b.s1.jsonl.imported-17", null, null)!.SessionId.Should().Be("b.s1");

    [Fact]
    public void AnOldIndexOfTheImportArchiveFillsWhatTheLiveOneLeavesOpen()
    {
        _scene.Home.Import("agent_main_main.s1.jsonl.imported-1795293176852", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Import("legacy-store.sessions.json.imported-1795293176852", """
            {"agent:main:main":{"sessionId":"s1","sessionFile":"/x/s1.jsonl","lastChannel":"webchat","chatType":"direct"}}
            """);
        _scene.Home.Index("""{"agent:main:main":{"sessionId":"s1","lastChannel":"telegram"}}""");

        _scene.Collect();

        _scene.Event.Show("session_key", "channel", "chat_type").Should().Equal("session_key=agent:main:main", "channel=telegram", "chat_type=direct");
    }

    [Fact]
    public void EveryAgentIsReadAndTheFolderIsItsName()
    {
        _scene.Home.LogOf("main", "s1.jsonl", Some.Answer("a1"));
        _scene.Home.LogOf("réséarch [x]", "s1.jsonl", Some.Answer("a2"));

        _scene.Collect();

        _scene.Events.Select(row => row.Text("agent_id")).Should().Equal("main", "réséarch [x]");
    }
}
