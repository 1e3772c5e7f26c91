namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Channel, chat type, origin and lineage: field by field the first that is known of window, conversation and node.</summary>
public sealed class AttributionTests : IDisposable
{
    const string Key = "agent:main:forky";

    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _store;

    public AttributionTests()
    {
        _store = _scene.Home.MakeStore();
        _store.Append("s1", Some.Header("s1"), Some.Answer("a1"));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TheWindowRanksBeforeTheConversationAndThatBeforeTheNode()
    {
        Conversation("c1", "slack", "channel");
        _store.Node(Key, "s1", ("entry_json", """{"chatType":"direct","delivery":{"kind":"external","context":{"channel":"matrix"},"origin":{"provider":"matrix-api"}}}"""));

        _store.Window("s1", Key, ("channel", "telegram"), ("primary_conversation_id", "c1"));

        Attribution().Should().Be("telegram channel matrix-api");
    }

    [Fact]
    public void TheConversationRanksBeforeTheNode()
    {
        Conversation("c1", "slack", "channel");
        _store.Window("s1", Key, ("primary_conversation_id", "c1"));
        _store.Node(Key, "s1", ("entry_json", """{"chatType":"direct","delivery":{"kind":"external","context":{"channel":"matrix"}}}"""));

        Attribution().Should().Be("slack channel ");
    }

    [Fact]
    public void ThePrimaryConversationMayBeNamedBesideTheWindow()
    {
        Conversation("c1", "slack", "channel");
        Conversation("c2", "telegram", "group");
        _store.Window("s1", Key);
        _store.Insert("session_conversations", ("session_id", "s1"), ("conversation_id", "c1"), ("role", "participant"));
        _store.Insert("session_conversations", ("session_id", "s1"), ("conversation_id", "c2"), ("role", "primary"));

        Attribution().Should().Be("telegram group ");
    }

    [Theory]
    [InlineData("""{"delivery":{"kind":"external","context":{"channel":"telegram","to":"42"},"origin":{"provider":"telegram","surface":"bot","chatType":"direct"}}}""", "telegram direct telegram")]
    [InlineData("""{"delivery":{"kind":"external","context":{"channel":"telegram"}}}""", "telegram  ")]
    [InlineData("""{"delivery":{"kind":"internal"}}""", "  ")]
    [InlineData("""{"delivery":{"kind":"none"},"chatType":"direct"}""", " direct ")]
    [InlineData("""{"lastChannel":"irc","origin":{"provider":"irc","chatType":"group"}}""", "irc group irc")]
    [InlineData("""{"delivery":null,"chatType":null,"channel":"irc"}""", "irc  ")]
    [InlineData("{}", "  ")]
    [InlineData("not JSON", "  ")]
    public void TheNodesEntryTellsOfEachKindOfDelivery(string entry, string attribution)
    {
        _store.Window("s1", Key);
        _store.Node(Key, "s1", ("entry_json", entry));

        Attribution().Should().Be(attribution);
    }

    [Fact]
    public void TheKeySpeaksWhereNothingElseDoes()
    {
        _store.Window("s1", "agent:main:telegram:group:-100");

        Attribution().Should().Be("telegram group ");
    }

    [Fact]
    public void TheNodesEntryDescribesItsCurrentSessionAndOnlyFillsOlderOnes()
    {
        _store.Append("s2", Some.Header("s2"), Some.Answer("a2", "10:06"));
        _store.Window("s1", Key, ("chat_type", "group"));
        _store.Window("s2", Key, ("previous_session_id", "s1"));
        _store.Node(Key, "s2", ("entry_json", """{"chatType":"direct","delivery":{"kind":"external","context":{"channel":"telegram"}}}"""));
        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("channel")} {row.Text("chat_type")}").Should().Equal("telegram group", "telegram direct");
    }

    [Fact]
    public void AnOlderWindowKeepsTheChannelItHadWhenItWasCurrent()
    {
        _store.Window("s1", Key);
        _store.Node(Key, "s1", ("entry_json", """{"delivery":{"kind":"external","context":{"channel":"slack"}}}"""));
        using var passes = _scene.StartPasses();
        passes.Run();

        _store.Append("s2", Some.Header("s2"), Some.Answer("a2", "10:06"));
        _store.Window("s2", Key, ("previous_session_id", "s1"), ("updated_at", Some.Ms("10:30")));
        _store.Node(
            Key, "s2", ("entry_json", """{"delivery":{"kind":"external","context":{"channel":"telegram"}}}"""), ("updated_at", Some.Ms("10:30")));
        passes.Run();
        _store.Append("s1", Some.Answer("a3", "10:40"));
        passes.Run();

        _scene.Events.Select(row => row.Text("channel")).Should().Equal("slack", "telegram", "slack");
    }

    [Fact]
    public void WhatBecomesKnownLaterFillsEventsAndOverwritesNone()
    {
        using var passes = _scene.StartPasses();
        _store.Window("s1", Key, ("chat_type", "direct"));
        passes.Run();

        _store.Window("s1", Key, ("chat_type", "group"), ("channel", "telegram"), ("updated_at", Some.Ms("10:30")));
        passes.Run().Stored.Enriched.Should().Be(1);
        _store.Append("s1", Some.Answer("a2", "10:31"));
        passes.Run();

        _scene.Events.Select(row => $"{row.Text("channel")} {row.Text("chat_type")}").Should().Equal("telegram direct", "telegram group");
    }

    [Fact]
    public void AWindowThatComesLateWithAnOldTimeIsReadAllTheSame()
    {
        using var passes = _scene.StartPasses();
        _store.Window("s0", "agent:main:main", ("updated_at", Some.Ms("12:00")));
        passes.Run();

        // A migration brings sessions in with the times they had before.
        _store.Append("s2", Some.Header("s2"), Some.Answer("a2", "10:06"));
        _store.Window("s2", Key, ("channel", "telegram"), ("updated_at", Some.Ms("10:00")));
        passes.Run();

        _scene.Events[1].Text("channel").Should().Be("telegram");
    }

    [Theory]
    [InlineData("window", "agent:main:a", "agent:main:p")]
    [InlineData("node", "agent:main:a", "agent:main:p")]
    [InlineData("fork", null, "agent:main:p")]
    [InlineData("entry", "agent:main:a", "agent:main:p")]
    public void LineageIsThatOfTheWindowElseTheNodesElseTheEntrys(string place, string? spawnedBy, string parent)
    {
        const string entry = """{"spawnedBy":"agent:main:a","parentSessionKey":"agent:main:p"}""";
        const string other = """{"spawnedBy":"agent:main:x","parentSessionKey":"agent:main:y"}""";
        (string, object?)[] lineage = [("spawned_by", "agent:main:a"), ("parent_session_key", "agent:main:p")];
        (string, object?)[] fork = [("fork_source_session_key", "agent:main:p"), ("fork_source_session_id", "p")];
        _store.Window("s1", Key, place is "window" ? lineage : []);
        _store.Node(Key, "s1", [("entry_json", place switch { "entry" => entry, "fork" => "{}", _ => other }), .. place switch
        {
            "node" => lineage,
            "fork" => fork,
            _ => [],
        }]);

        _scene.Collect();

        (_scene.Event.Text("spawned_by"), _scene.Event.Text("parent_session_key")).Should().Be((spawnedBy, parent));
    }

    [Theory]
    [InlineData("agent:main:subagent:1", null, "subagent")]
    [InlineData("agent:main:cron:j1", null, "cron")]
    [InlineData("agent:main:cron:j1", "webhook", "hook")]
    [InlineData("agent:main:cron:j1", "gmail", "hook")]
    [InlineData("agent:main:explicit:x", null, "cli")]
    [InlineData("agent:main:openai:x", null, "api")]
    [InlineData("agent:main:main", null, null)]
    public void TheTriggerFollowsFromKeyAndWindow(string key, string? hook, string? trigger)
    {
        _store.Window("s1", key, ("hook_external_content_source", hook));

        _scene.Collect();

        _scene.Event.Text("trigger").Should().Be(trigger);
    }

    [Fact]
    public void HowASessionCameToBeIsKept()
    {
        _store.Window("s1", Key);
        _store.Node(Key, "s1", ("created_via", "operator"), ("entry_json", "{}"));

        _scene.Collect();

        StoreRows.Query(_scene.Db, "SELECT created_via FROM sessions")[0].Text("created_via").Should().Be("operator");
    }

    [Fact]
    public void NoLabelNameOrPeerIsEverStored()
    {
        Conversation("c1", "slack", "channel");
        _store.Window("s1", Key, ("display_name", "SECRET1"), ("primary_conversation_id", "c1"));
        _store.Node(Key, "s1", ("label", "SECRET2"), ("entry_json", """{"label":"SECRET3","displayName":"SECRET4","delivery":{"kind":"external","context":{"channel":"x","to":"SECRET5"},"origin":{"label":"SECRET6"}}}"""));
        _store.Append("s1", Some.Answer("a2", text: "SECRET7"), "SECRET8 no JSON");

        _scene.Collect();

        foreach (var file in Directory.GetFiles(_scene.Folder.Path, "usage.db*"))
        {
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)).Should().NotContain("SECRET");
        }
    }

    string Attribution()
    {
        _scene.Collect();

        return $"{_scene.Event.Text("channel")} {_scene.Event.Text("chat_type")} {_scene.Event.Text("origin_provider")}";
    }

    void Conversation(string id, string channel, string kind) =>
        _store.Insert(
            "conversations", ("conversation_id", id), ("channel", channel), ("kind", kind), ("account_id", "default"), ("peer_id", "SECRET9"),
            ("label", "SECRET0"));
}
