using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>Events, what is known of their sessions, and checkpoints: all of a transaction or nothing, in the store and in memory.</summary>
public sealed class OneTransactionTests : IDisposable
{
    const string Refuse = "CREATE TRIGGER refuse BEFORE INSERT ON event_facts WHEN new.entry_id = 'bad' BEGIN SELECT raise(ABORT, 'refused'); END";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void APassThatCannotBeStoredMovesNoCheckpointAndTheNextCollectorGetsAll()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        _scene.Collect();
        var before = Checkpoints();
        StoreRows.Execute(_scene.Db, Refuse);
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:02"), Some.Answer("bad", "10:03"));
        using (var passes = _scene.StartPasses())
        {
            passes.Invoking(p => p.Run()).Should().Throw<UserFacingException>();
        }

        Checkpoints().Should().Equal(before);
        _scene.Events.Should().ContainSingle("the transaction had another event, and it went with it");
        StoreRows.Execute(_scene.Db, "DROP TRIGGER refuse");
        _scene.Collect().Stored.Added.Should().Be(2);
    }

    [Fact]
    public void WhatWasRolledBackIsForgottenInMemoryToo()
    {
        using var store = UsageStore.Open(_scene.Db);
        StoreRows.Execute(_scene.Db, Refuse);
        var batch = new Batch { Sessions = [new SessionInfo(Some.Session()) { StartedMs = Some.Ms("10:00") }], Events = [Some.Event("bad")] };
        store.Invoking(s => s.Append(batch)).Should().Throw<UserFacingException>();

        store.Append(new Batch { Events = [Some.Event("a1")] });

        StoreRows.Query(_scene.Db, "SELECT s.session_id, s.started_ts FROM usage_events e JOIN sessions s ON s.id = e.session_ref")
            .Select(row => row.ToString()).Should().Equal("session_id=s1, started_ts=NULL");
    }

    [Fact]
    public void WhatAnotherProcessLearnedOfASessionIsKnownHereToo()
    {
        using var here = UsageStore.Open(_scene.Db);
        using var there = UsageStore.Open(_scene.Db);
        here.Append(new Batch { Events = [Some.Event(session: "s1")] });
        there.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { StartedMs = Some.Ms("10:00") }] });

        // A fork that began before the event, but after its owner; and the first by its name.
        here.Append(new Batch
        {
            Sessions = [new SessionInfo(Some.Session("a-fork")) { StartedMs = Some.Ms("10:03") }],
            Events = [Some.Event(session: "a-fork")],
        });

        _scene.Event.Text("session_id").Should().Be("s1");
    }

    IEnumerable<string> Checkpoints() => [.. StoreRows.Query(_scene.Db, "SELECT key, value FROM collector_state WHERE key LIKE 'log:%'").Select(row => row.ToString())];
}
