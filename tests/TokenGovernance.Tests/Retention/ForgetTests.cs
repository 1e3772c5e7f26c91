using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Retention;

/// <summary>`forget` takes what names a person out of the store; tokens and costs stay, and it does not come back.</summary>
public sealed class ForgetTests : IDisposable
{
    const string Peer = "700123456", Key = $"agent:main:telegram:direct:{Peer}", Other = "agent:main:telegram:direct:700999";

    readonly Scene _scene = new();

    public ForgetTests()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"), Some.Answer("a2", "10:06"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("b1", "10:07"));
        _scene.Home.Log("s3.jsonl", Some.Header("s3"), Some.Answer("c1", "10:08"));
        _scene.Home.Index(
            $$$"""{"{{{Key}}}":{"sessionId":"s1"},"{{{Other}}}":{"sessionId":"s2"},"agent:main:subagent:5f":{"sessionId":"s3","spawnedBy":"{{{Key}}}"}}""");
        _scene.Collect();
    }

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("--peer", Peer)]
    [InlineData("--session-key", Key)]
    public void ItIsNowhereInTheStoreAndDoesNotComeBack(string option, string value)
    {
        var before = RetentionScene.FewReports(_scene.Db);
        Names().Should().BeTrue();
        using var dry = JsonDocument.Parse(Cli.Run("forget", option, value, "--db", _scene.Db, "--dry-run", "--json").Output);
        Names().Should().BeTrue("nothing was changed");

        var result = Cli.Run("forget", option, value, "--db", _scene.Db);

        dry.RootElement.GetRawText().Should().Be("""{"dry_run":true,"sessions":2,"responses":3}""");
        result.Output.Should().Contain("2 sessions with 3 responses were found; tokens and costs stay");
        result.Error.Should().Contain("backups");
        Names().Should().BeFalse();
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
        _scene.Home.Append("s1.jsonl", Some.Answer("a3", "10:09"));
        _scene.Home.Log("s4.jsonl", Some.Header("s4"), Some.Answer("d1", "10:10"));
        _scene.Collect();
        Names().Should().BeFalse();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_key")} {row.Text("channel")} {row.Text("chat_type")}").Should().Contain("a1 agent:main:telegram:direct:… telegram direct")
            .And.Contain("a3 agent:main:telegram:direct:… telegram direct").And.Contain($"b1 {Other} telegram direct");
        StoreRows.Execute(_scene.Db, "DELETE FROM usage_events WHERE entry_id IN ('a3', 'd1')");
        RetentionScene.FewReports(_scene.Db).Should().Equal(before);
    }

    [Fact]
    public void AKeyAsReportsShowItTellsWhomToForget()
    {
        var shown = MaskedKey.WithDigits(Key);
        Cli.Run("report", "--by", "parent", "--format", "csv", "--db", _scene.Db).Output.Should().Contain(shown);

        var several = Cli.Run("forget", "--peer", "agent:main:telegram:direct:…", "--db", _scene.Db);
        several.ExitCode.Should().Be(1);
        several.Error.Should().Contain("2 people or groups have keys that are shown as").And.Contain(shown).And.Contain(MaskedKey.WithDigits(Other)).And.Contain("Nothing was changed");
        several.Error.Should().NotContain(Peer);
        Cli.Run("forget", "--peer", "agent:main:slack:direct:…", "--db", _scene.Db).Error.Should().Contain("No key in the store that names somebody is shown as");
        Names().Should().BeTrue("nothing was changed");

        Cli.Run("forget", "--peer", shown, "--db", _scene.Db).Output.Should().Contain("2 sessions with 3 responses were found");

        Names().Should().BeFalse();
        Cli.Run("forget", "--peer", shown, "--db", _scene.Db).Error.Should().Contain("No key in the store", "it is hidden by now");
        Cli.Run("forget", "--peer", "agent:main:telegram:direct:…", "--db", _scene.Db, "--dry-run").Output.Should().Contain("1 session with 1 response would be found", "only one is left");
    }

    [Fact]
    public void WhereAShownKeyDoesNotTellWhomItIsSaidHowToSeeTheWholeKey()
    {
        const string see = "token-governance report --by parent --identifiers";
        var alike = FindTwoThatLookAlike();
        _scene.Home.Log("s4.jsonl", Some.Header("s4"), Some.Answer("d1", "10:10"));
        _scene.Home.Log("s5.jsonl", Some.Header("s5"), Some.Answer("e1", "10:11"));
        _scene.Home.Log("s6.jsonl", Some.Header("s6"), Some.Answer("f1", "10:12"));
        _scene.Home.Index($$$"""{"{{{alike.First}}}":{"sessionId":"s4"},"{{{alike.Second}}}":{"sessionId":"s5"},"agent:main:alice":{"sessionId":"s6"}}""");
        _scene.Collect();

        Cli.Run("forget", "--peer", MaskedKey.WithDigits(alike.First), "--db", _scene.Db).Error.Should().Contain("2 people or groups have keys").And.Contain(see);
        Cli.Run("forget", "--peer", MaskedKey.WithDigits("agent:main:alice"), "--db", _scene.Db).Error.Should().Contain("--session-key").And.Contain(see).And.NotContain("alice");
        Cli.Run([.. see.Split(' ')[1..], "--db", _scene.Db]).Output.Should().ContainAll(alike.First, alike.Second, "agent:main:alice");

        Cli.Run("forget", "--session-key", "agent:main:alice", "--db", _scene.Db).Output.Should().Contain("1 session with 1 response");
        Cli.Run("forget", "--peer", "agent:main:…", "--db", _scene.Db).Error.Should().Contain("No key in the store", "it is hidden by now");
    }

    [Theory]
    [InlineData("agent:main:telegram:direct:4242", "4242")]
    [InlineData("agent:main:telegram:account:direct:4242:thread:7", "4242")]
    [InlineData("agent:main:slack:channel:C0123:heartbeat", "C0123")]
    [InlineData("agent:direct:dm:4242", "4242")]
    [InlineData("telegram:slash:4242", "4242")]
    [InlineData("agent:main:openai-user:alice", "alice")]
    [InlineData("agent:main:telegram:direct:…", null)]
    [InlineData("agent:main:telegram:direct:", null)]
    [InlineData("agent:main:telegram:direct", null)]
    [InlineData("agent:main:cron:job-1:run:5f", null)]
    [InlineData("agent:main:subagent:5f", null)]
    [InlineData("agent:main:main", null)]
    public void AKeyNamesOneOrNobody(string key, string? peer) => MaskedKey.PeerOf(key).Should().Be(peer);

    [Theory]
    [InlineData("main")]
    [InlineData("telegram")]
    [InlineData("direct")]
    public void ThatSomebodyIsCalledAsAnAgentOrAKindForgetsNobodyElse(string id)
    {
        _scene.Home.Log("s4.jsonl", Some.Header("s4"), Some.Answer("d1", "10:10"));
        _scene.Home.Index($$$"""{"agent:main:openai-user:{{{id}}}":{"sessionId":"s4"}}""");
        _scene.Collect();

        Cli.Run("forget", "--peer", MaskedKey.WithDigits($"agent:main:openai-user:{id}"), "--db", _scene.Db).Output.Should().Contain("1 session with 1 response were found");

        Names().Should().BeTrue("another person was not meant");
        _scene.Events.Select(row => row.Text("session_key")).Should().Contain("agent:main:openai-user:…").And.Contain(Key).And.Contain(Other);
    }

    [Fact]
    public void CompactTakesOlderCopiesOutOfTheUnusedPartsOfTheFile()
    {
        // As rows leave one behind that SQLite moved to another page.
        StoreRows.Execute(_scene.Db, $"PRAGMA secure_delete = OFF; CREATE TABLE moved (key TEXT); INSERT INTO moved VALUES ('{Key}'); DROP TABLE moved");

        Cli.Run("forget", "--peer", Peer, "--db", _scene.Db).Error.Should().Contain("so may unused parts of the store's file, until 'token-governance compact' rewrites it");
        Names().Should().BeTrue();
        Cli.Run("compact", "--db", _scene.Db).Output.Should().NotContain("left as it is");

        Names().Should().BeFalse();
    }

    [Fact]
    public void FollowersAreTold()
    {
        var follower = new FeedFollower();
        follower.ReadToEnd(_scene.Db, 10);

        Cli.Run("forget", "--peer", Peer, "--db", _scene.Db).ExitCode.Should().Be(0);

        follower.ReadToEnd(_scene.Db, 10);
        follower.ShouldKnow(_scene.Db);
        follower.Events.Values.Should().NotContain(text => text.Contains(Peer, StringComparison.Ordinal));
    }

    [Fact]
    public void WrongWordsAreRefused()
    {
        Cli.Run("forget", "--db", _scene.Db).ExitCode.Should().Be(2);
        Cli.Run("forget", "--peer", Peer, "--session-key", Key, "--db", _scene.Db).Error.Should().Contain("either --session-key or --peer");
        Cli.Run("forget", "--peer", " ", "--db", _scene.Db).ExitCode.Should().Be(2);
        Cli.Run("forget", "--peer", Peer, "--db", _scene.Folder["nothing.db"]).Error.Should().Contain("There is no store at");
        File.Exists(_scene.Folder["nothing.db"]).Should().BeFalse();
        Cli.Run("forget", "--peer", "nobody", "--db", _scene.Db).Output.Should().Contain("0 sessions with 0 responses");
    }

    /// <summary>Four digits of a hash tell keys apart, mostly.</summary>
    static (string First, string Second) FindTwoThatLookAlike()
    {
        var seen = new Dictionary<string, string>();
        for (var i = 0; ; i++)
        {
            var key = $"agent:main:signal:direct:{i}";
            if (!seen.TryAdd(MaskedKey.WithDigits(key), key))
            {
                return (seen[MaskedKey.WithDigits(key)], key);
            }
        }
    }

    /// <summary>The bytes of the file and of its log, also those that no row uses.</summary>
    bool Names() => new[] { _scene.Db, $"{_scene.Db}-wal" }.Where(File.Exists).Any(file => File.ReadAllText(file, System.Text.Encoding.Latin1).Contains(Peer, StringComparison.Ordinal));
}
