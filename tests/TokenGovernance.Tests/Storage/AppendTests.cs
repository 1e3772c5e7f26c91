using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>A batch and its checkpoint are stored together or not at all, and every event once.</summary>
public sealed class AppendTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AFailedBatchLeavesTheCheckpointWhereItWas()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Events = [Some.Event("a1")], Checkpoints = [new Checkpoint("log:x", "120")] });

        var append = () => store.Append(
            new Batch { Events = [Some.Event("a2")], Checkpoints = [new Checkpoint("log:x", "240")] },
            new Batch { Sessions = [new SessionInfo(Some.Session(null!))] });

        append.Should().Throw<Exception>();
        store.ReadCheckpoints()["log:x"].Should().Be("120");
        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1");
    }

    [Theory]
    [InlineData("agent:main:main", "agent:main:telegram:direct:700123456")]
    [InlineData("agent:main:telegram:direct:700123456", "agent:main:main")]
    public void ATrajectorysWordOnAKeyGivesWayToAnIndexAndNeverTheOtherWayRoundAlsoAfterARestart(string ofTrajectory, string ofIndex)
    {
        var trajectory = new SessionInfo(Some.Session()) { SessionKey = ofTrajectory, IsFallback = true };
        var index = new SessionInfo(Some.Session()) { SessionKey = ofIndex };
        foreach (var infos in new[] { new[] { trajectory, index, trajectory }, [index, trajectory, index] })
        {
            var db = _scene.Folder[$"{infos[0].IsFallback}.db"];
            foreach (var info in infos)
            {
                using var store = UsageStore.Open(db);
                store.Append(new Batch { Sessions = [info], Events = [Some.Event("a1")] });
            }

            StoreRows.Events(db).Single().Text("session_key").Should().Be(ofIndex);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OfTwoTrajectoriesWordsOnAKeyTheOrderDecidesNothing(bool isReversed)
    {
        string[] keys = ["agent:main:hook:1", "agent:main:main"];
        foreach (var key in isReversed ? keys.Reverse() : keys)
        {
            using var store = UsageStore.Open(_scene.Db);
            store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { SessionKey = key, IsFallback = true }], Events = [Some.Event("a1")] });
        }

        _scene.Event.Text("session_key").Should().Be("agent:main:main");
    }

    [Fact]
    public void AfterAFailureTheStoreGoesOnFromWhatItReallyHas()
    {
        using var store = UsageStore.Open(_scene.Db);
        var fact = new SessionInfo(Some.Session()) { SessionKey = "agent:main:telegram:direct:1", Channel = "telegram" };
        var append = () => store.Append(new Batch { Sessions = [fact, new SessionInfo(Some.Session(null!))] });
        append.Should().Throw<Exception>();

        store.Append(new Batch { Events = [Some.Event("a1")] }).Added.Should().Be(1);
        _scene.Event["channel"].Should().BeNull("that fact was rolled back");

        store.Append(new Batch { Sessions = [fact] }).Enriched.Should().Be(1);
        _scene.Event.Text("channel").Should().Be("telegram");
    }

    [Fact]
    public void APassThatCannotStoreThrowsAndTheNextOneLosesAndDoublesNothing()
    {
        for (var i = 0; i < 60; i++)
        {
            _scene.Home.Log($"s{i}.jsonl", Some.Header($"s{i}"), Some.Answer($"a{i}"), Some.Answer($"b{i}", "10:06"));
        }

        UsageStore.Open(_scene.Db).Dispose();
        StoreRows.Execute(_scene.Db, """
            CREATE TRIGGER full BEFORE INSERT ON event_facts WHEN new.entry_id = 'b30' BEGIN SELECT RAISE(ABORT, 'no room'); END
            """);

        var collect = () => _scene.Collect();
        collect.Should().Throw<UserFacingException>().WithMessage($"*{_scene.Db}*no room*");
        StoreRows.Execute(_scene.Db, "DROP TRIGGER full");
        _scene.Collect();

        _scene.Events.Should().HaveCount(120);
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    [Fact]
    public void TokensCostAndTimeNeverChange()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Events = [Some.Event("a1")] });
        var before = _scene.Event.ToString();

        store.Append(new Batch { Events = [Some.Event("a1", model: "another")] }).Known.Should().Be(1);

        _scene.Event.ToString().Should().Be(before);
    }

    [Fact]
    public void TwoWritersBesideEachOtherAgree()
    {
        using var one = UsageStore.Open(_scene.Db);
        using var two = UsageStore.Open(_scene.Db);
        one.Append(new Batch { Events = [Some.Event("a1")] });
        two.Append(new Batch { Events = [Some.Event("a1")] }).Added.Should().Be(0);
        two.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "slack" }] }).Enriched.Should().Be(1);

        // What the other learned must reach the sessions that this one remembers.
        one.Append(new Batch { Events = [Some.Event("a2", time: "10:06")] });

        _scene.Events.Select(row => row.Text("channel")).Should().Equal("slack", "slack");
    }

    [Fact]
    public void ACheckpointIsReplacedAndForgotten()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Checkpoints = [new Checkpoint("a", "1"), new Checkpoint("b", "1")] });
        store.Append(new Batch { Checkpoints = [new Checkpoint("a", "2"), new Checkpoint("b", null), new Checkpoint("c", null)] });

        store.ReadCheckpoints().Should().Equal(new Dictionary<string, string> { ["a"] = "2" });
    }

    [Fact]
    public void AFallbackFillsAndReplacesNothing()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "slack" }] });
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "old", ChatType = "group", IsFallback = true }] });
        store.Append(new Batch { Events = [Some.Event()] });

        _scene.Event.Show("channel", "chat_type").Should().Equal("channel=slack", "chat_type=group");
    }

    [Fact]
    public void AWebhookIsAHookWhateverItsKeySays()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Events = [Some.Event()] });
        store.Append(new Batch
        {
            Sessions = [new SessionInfo(Some.Session()) { SessionKey = "agent:main:cron:job-1", JobName = "nightly", IsHook = true }],
        });

        _scene.Event.Show("trigger", "job_id", "job_name").Should().Equal("trigger=hook", "job_id=job-1", "job_name=nightly");
    }

    [Fact]
    public void AKeyIsSixteenBytesAndTimesAreUtcText()
    {
        using var store = UsageStore.Open(_scene.Db);
        store.Append(new Batch { Events = [Some.Event()] });

        _scene.Event["event_key"].Should().BeOfType<byte[]>().Which.Should().HaveCount(16);
        foreach (var column in new[] { "event_ts", "started_ts", "ingest_ts" })
        {
            _scene.Event.Text(column).Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        }
    }
}
