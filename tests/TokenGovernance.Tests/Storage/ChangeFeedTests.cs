using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Tests.Storage;

/// <summary>What is new or different since a token: everything, in order, and nothing of another store.</summary>
public sealed class ChangeFeedTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly UsageStore _store;

    public ChangeFeedTests() => _store = UsageStore.Open(Db);

    string Db => _folder["usage.db"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void NewEventsComeInTheOrderOfStoringAndOnce()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"));
        var first = FeedFollower.ReadPage(Db, null, limit: 1);
        var second = FeedFollower.ReadPage(Db, first.Next, limit: 1);
        var end = FeedFollower.ReadPage(Db, second.Next, limit: 1);
        Append(Some.Event("a3", time: "10:07"));
        var later = FeedFollower.ReadPage(Db, end.Next);

        Entries(first, second, end, later).Should().Equal("a1", "a2", "a3");
        new[] { first, second, end, later }.Select(page => page.HasMore).Should().Equal(true, false, false, false);
        first.Changes[0].Key.Should().Be(Some.Event("a1").Key);
        first.Changes[0].Event!["total_tokens"].Should().Be(123L);
        first.Changes[0].Event!["event_ts"].Should().Be(Some.Ms("10:05"));
        first.Changes[0].Event!["cost_total"].Should().Be(0.33);
    }

    [Fact]
    public void WhatIsLearnedOfASessionChangesItsEventsPageByPage()
    {
        Append(Some.Event("a1"), Some.Event("b1", "s2"), Some.Event("a2", time: "10:06"), Some.Event("a3", time: "10:07"));
        var token = FeedFollower.ReadPage(Db, null).Next;
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "telegram" }] });
        Append(Some.Event("a4", time: "10:08"));

        var pages = new List<ChangePage>();
        do
        {
            pages.Add(FeedFollower.ReadPage(Db, token, limit: 2));
            token = pages[^1].Next;
        }
        while (pages[^1].HasMore);

        Entries([.. pages]).Should().Equal("a1", "a2", "a3", "a4");
        pages.SelectMany(page => page.Changes).Should().OnlyContain(change => (string?)change.Event!["channel"] == "telegram");
        StoreRows.Query(Db, "SELECT count(*) AS n FROM event_changes").Single().Number("n").Should().Be(1, "the writer notes the session, not its events");
    }

    [Fact]
    public void AnEventThatMovesToItsOwnerIsAChangeOfThatEvent()
    {
        _store.Append(new Batch { Sessions = [Began("fork", "11:00")], Events = [Some.Event("a1", "fork"), Some.Event("a2", "fork", "11:05")] });
        var token = FeedFollower.ReadPage(Db, null).Next;
        _store.Append(new Batch { Sessions = [Began("owner", "10:00")], Events = [Some.Event("a1", "owner")] });

        var change = FeedFollower.ReadPage(Db, token).Changes.Should().ContainSingle().Subject;

        change.Event!["session_id"].Should().Be("owner");
        change.Event["source_file"].Should().Be(Some.Event("a1", "owner").SourceFile);
    }

    [Fact]
    public void AnEventThatGoesLeavesATombstoneAndComesAgainAsNew()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"));
        var token = FeedFollower.ReadPage(Db, null).Next;
        StoreRows.Execute(Db, "DELETE FROM usage_events WHERE entry_id = 'a1'");
        Append(Some.Event("a1"));

        var changes = FeedFollower.ReadPage(Db, token).Changes;

        changes.Select(change => (change.Key, change.IsRemoval)).Should().Equal((Some.Event("a1").Key, true), (Some.Event("a1").Key, false));
    }

    [Fact]
    public void TheOldKeyOfAnImportedEventGoesBeforeItsRealOneComes()
    {
        var db = _folder["original.db"];
        LegacyDatabaseBuilder.Make(db, new LegacyRow(Some.Event().SourceFile, 2, Some.Time("10:05")));
        using var store = UsageStore.Open(db);
        var before = FeedFollower.ReadPage(db, null);
        store.Append(new Batch { Events = [Some.Event()] });

        var changes = FeedFollower.ReadPage(db, before.Next).Changes;

        changes.Select(change => (change.Key, change.IsRemoval)).Should().Equal((before.Changes.Single().Key, true), (Some.Event().Key, false));
        changes[1].Event!.Id.Should().Be(before.Changes.Single().Event!.Id);
    }

    [Fact]
    public void WhoBeginsIsToldNothingOfWhatWentBefore()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"));
        StoreRows.Execute(Db, "DELETE FROM usage_events WHERE entry_id = 'a1'");
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session()) { Channel = "telegram" }] });

        Entries(FeedFollower.ReadPage(Db, null)).Should().Equal("a2");
    }

    [Fact]
    public void ATokenOfAnotherStoreIsRefused()
    {
        using var other = UsageStore.Open(_folder["other.db"]);
        var token = FeedFollower.ReadPage(_folder["other.db"], null).Next;

        Problem(token).Should().Be(ChangeTokenProblem.OtherStore);
    }

    [Fact]
    public void ATokenFromBeforeABackupGoesOnAfterItWasRestoredAndOneFromAfterItIsRefused()
    {
        Append(Some.Event("a1"));
        var before = FeedFollower.ReadPage(Db, null).Next;
        Backup();
        Append(Some.Event("a2", time: "10:06"));
        var after = FeedFollower.ReadPage(Db, before).Next;

        Restore();

        Problem(after).Should().Be(ChangeTokenProblem.OtherHistory, "its events are more than the file has");
        FeedFollower.ReadPage(Db, before).Changes.Should().BeEmpty();

        // The restored store grows beyond where the token was, with other events.
        using (var store = UsageStore.Open(Db))
        {
            store.Append(new Batch { Events = [Some.Event("b1", time: "10:07"), Some.Event("b2", time: "10:08"), Some.Event("b3", time: "10:09")] });
        }

        Problem(after).Should().Be(ChangeTokenProblem.OtherHistory);
        Entries(FeedFollower.ReadPage(Db, before)).Should().Equal("b1", "b2", "b3");
    }

    [Fact]
    public void APageThatToldMoreThanItsTokenSaysIsRefusedAfterARestoreToo()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"), Some.Event("b1", "s2"));
        var start = FeedFollower.ReadPage(Db, null).Next;
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s2")) { Channel = "slack" }] });
        Backup();
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s2")) { SessionKey = "agent:main:slack:direct:1" }] });

        // One change to tell, and it shows what the backup does not have.
        var token = FeedFollower.ReadPage(Db, start, limit: 1).Next;
        Restore();

        Problem(token).Should().Be(ChangeTokenProblem.OtherHistory);
    }

    [Fact]
    public void TheTextOfATokenIsTheTokenAndNothingElseIsOne()
    {
        Append(Some.Event());
        var token = FeedFollower.ReadPage(Db, null).Next;
        var text = token.ToString();

        text.Should().MatchRegex("^[A-Za-z0-9_-]+$");
        ChangeToken.TryParse(text, out var read).Should().BeTrue();
        read.Should().Be(token);
        string?[] wrong = [null, "", "x", text[..^1], text + "A", text[..20] + (text[20] == 'A' ? 'B' : 'A') + text[21..], new string('A', text.Length)];
        wrong.Should().OnlyContain(other => !IsToken(other));
    }

    [Fact]
    public void AnEpochBeginsWithTheFirstChangeOfAWriterAndNotWithEveryPass()
    {
        Append(Some.Event("a1"));
        Append(Some.Event("a2", time: "10:06"));
        for (var i = 0; i < 3; i++)
        {
            using var store = UsageStore.Open(Db);
            store.NoteLastPass();
        }

        StoreRows.Query(Db, "SELECT id, last_event_id, last_change FROM change_epochs").Select(row => row.ToString()).Should()
            .Equal("id=1, last_event_id=0, last_change=0", "id=2, last_event_id=0, last_change=0");
    }

    [Fact]
    public void AnOlderCopyThatWasRestoredBeneathAWriterIsAnotherHistory()
    {
        Append(Some.Event("a1"));
        using (var backup = new SqliteConnection($"Data Source={_folder["backup.db"]};Pooling=False"))
        {
            backup.Open();
            _store.Connection.BackupDatabase(backup);
            Append(Some.Event("a2", time: "10:06"));
            var token = FeedFollower.ReadPage(Db, null).Next;

            using (var target = new SqliteConnection($"Data Source={Db};Pooling=False"))
            {
                target.Open();
                backup.BackupDatabase(target);
            }

            Append(Some.Event("b1", time: "10:07"), Some.Event("b2", time: "10:08"));

            Problem(token).Should().Be(ChangeTokenProblem.OtherHistory);
        }
    }

    static IEnumerable<string> Entries(params ChangePage[] pages) =>
        pages.SelectMany(page => page.Changes).Select(change => (string)change.Event!["entry_id"]!);

    static SessionInfo Began(string session, string time) => new(Some.Session(session)) { StartedMs = Some.Ms(time) };

    static bool IsToken(string? text) => ChangeToken.TryParse(text, out _);

    void Append(params UsageEvent[] events) => _store.Append(new Batch { Events = events });

    ChangeTokenProblem Problem(ChangeToken token)
    {
        var read = () => FeedFollower.ReadPage(Db, token);

        return read.Should().Throw<InvalidChangeTokenException>().Which.Problem;
    }

    void Backup()
    {
        _store.EmptyLog();
        File.Copy(Db, _folder["backup"]);
    }

    void Restore()
    {
        _store.Dispose();
        File.Copy(_folder["backup"], Db, overwrite: true);
    }
}
