namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Databases of older and newer versions: what is there is read, what is not there costs attribution at most.</summary>
public sealed class SchemaVariantTests : IDisposable
{
    static readonly string[] Since23 =
        ["transcript_events.event_zstd", "transcript_events.event_utf8_bytes", "transcript_events.navigation_json"];

    readonly Scene _scene = new();

    public static TheoryData<string[]> Schemas =>
    [
        [],
        Since23,
        ["transcript_events.navigation_json"],
        ["transcript_events.created_at"],
        ["transcript_rewrite_watermarks"],
        ["session_transcript_archives", "session_transcript_cold_archives"],
        ["session_transcript_archives.archive_sha256", "session_transcript_archives.session_key"],
        ["session_transcript_archives.encoding"],
        ["conversations", "session_conversations"],
        ["session_nodes"],
        ["session_nodes.entry_json", "session_nodes.updated_at", "session_nodes.created_via", "session_nodes.fork_source_session_key"],
        ["session_windows.primary_conversation_id", "session_windows.hook_external_content_source", "session_windows.updated_at"],
        ["session_windows"],
        ["trajectory_runtime_events"],
        [.. Since23, "transcript_rewrite_watermarks", "session_transcript_archives", "session_transcript_cold_archives", "session_windows",
            "session_nodes", "conversations", "session_conversations", "trajectory_runtime_events"],
    ];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Schemas))]
    public void EverySchemaIsCountedAndFollowed(string[] without)
    {
        var store = _scene.Home.MakeStore(without);
        store.SetGeneration("s1", "g1");
        store.Window("s1", "agent:main:telegram:direct:42", ("channel", "telegram"));
        store.Node("agent:main:telegram:direct:42", "s1", ("entry_json", "{}"));
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        using var passes = _scene.StartPasses();

        var first = passes.Run();
        store.Append("s1", Some.Answer("a2", "10:06"));
        var second = passes.Run();
        var third = passes.Run();

        new[] { first, second, third }.Should().OnlyContain(pass => pass.Failures.Count == 0 && pass.BadLines == 0);
        new[] { first, second, third }.Select(pass => (pass.Stored.Added, pass.Stored.Known)).Should().Equal((1, 0), (1, 0), (0, 0));
        _scene.Events.Should().OnlyContain(row =>
            row.Text("channel") == (without.Contains("session_windows") ? null : "telegram"), "the window says it");
    }

    [Theory]
    [InlineData(24, "session_windows.channel", true)]
    [InlineData(24, "session_nodes", false)]
    [InlineData(22, "session_windows.channel", false)]
    public void ANewerSchemaThatLacksSomethingExpectedIsNamedAndCounted(int version, string without, bool isNamed)
    {
        var store = _scene.Home.MakeStore(without);
        store.Execute($"PRAGMA user_version = {version}");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((1, 0));
        pass.Notes.Select(note => note.Reason.Contains(without, StringComparison.Ordinal)).Should().Equal(isNamed ? [true] : []);
    }

    [Fact]
    public void WithoutGenerationsARewrittenSessionIsFoundByItsLastRow()
    {
        var store = _scene.Home.MakeStore("transcript_rewrite_watermarks");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:06"));
        using var passes = _scene.StartPasses();
        passes.Run();

        store.Execute("DELETE FROM transcript_events WHERE seq > 0");
        store.Append("s1", Some.Answer("a2", "10:06"), Some.Answer("a3", "10:07", text: "other, longer words"));
        passes.Run().Stored.Added.Should().Be(1);

        store.Execute("DELETE FROM transcript_events WHERE seq > 1");
        passes.Run().Stored.Added.Should().Be(0);
        store.Append("s1", Some.Answer("a4", "10:08"));
        passes.Run().Stored.Added.Should().Be(1);

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3", "a4");
    }

    [Fact]
    public void WatermarksThatComeWithAnUpgradeCountNothingTwice()
    {
        var store = _scene.Home.MakeStore("transcript_rewrite_watermarks");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        using var passes = _scene.StartPasses();
        passes.Run();

        store.Execute("CREATE TABLE transcript_rewrite_watermarks (session_id, generation, updated_at, PRIMARY KEY (session_id))");
        store.Execute("INSERT INTO transcript_rewrite_watermarks VALUES ('s1', 'g1', 1)");
        store.Append("s1", Some.Answer("a2", "10:06"));

        passes.Run().Stored.Added.Should().Be(1);
        (passes.Run().Stored.Known, _scene.Events.Count).Should().Be((0, 2));
    }

    [Fact]
    public void WhatANewerVersionAddsIsNoHindrance()
    {
        var store = _scene.Home.MakeStore();
        store.Execute("ALTER TABLE transcript_events ADD COLUMN event_lz4 BLOB");
        store.Execute("ALTER TABLE session_windows ADD COLUMN mood TEXT");
        store.Execute("CREATE TABLE moods (mood TEXT) ");
        store.Execute("CREATE VIEW windows AS SELECT * FROM session_windows");
        store.Execute("PRAGMA user_version = 99");
        store.Window("s1", "agent:main:main", ("channel", "webchat"));
        store.Append("s1", Some.Header("s1"), Some.Answer("a1"));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("channel").Should().Be("webchat");
    }

    [Fact]
    public void ADatabaseWithoutTranscriptsIsNoError()
    {
        _scene.Home.MakeStore("transcript_events").Window("s1", "agent:main:main");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Should().ContainSingle();
    }

    [Fact]
    public void ADatabaseThatGetsItsTranscriptsLaterIsReadThen()
    {
        using var passes = _scene.StartPasses(new LaterClock());
        var store = _scene.Home.MakeStore("transcript_events");
        passes.Run().Stored.Added.Should().Be(0);

        store.Execute("CREATE TABLE transcript_events (session_id, seq, event_json, created_at, PRIMARY KEY (session_id, seq))");
        store.Execute("INSERT INTO transcript_events VALUES ('s1', 0, $json, 1)", ("json", Some.Answer("a1")));

        passes.Run().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void TranscriptsInAFormThatIsNotKnownAreNamed()
    {
        var store = _scene.Home.MakeStore("transcript_events.event_json", "transcript_events.event_zstd");
        store.Execute("INSERT INTO transcript_events (session_id, seq) VALUES ('s1', 0)");

        var failure = _scene.Collect().Failures.Should().ContainSingle().Subject;

        failure.Source.Should().Be(store.Path);
        failure.Reason.Should().Contain("newer OpenClaw");
    }

    [Fact]
    public void AViewInThePlaceOfTheTableIsReadAsNothing()
    {
        var store = _scene.Home.MakeStore("transcript_events");
        store.Execute("CREATE VIEW transcript_events AS SELECT 's1' AS session_id, 0 AS seq, '{}' AS event_json");

        _scene.Collect().Failures.Should().BeEmpty();
    }
}
