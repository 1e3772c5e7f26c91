using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>A store that does not exist is filled beside its place, and appears with all that was stored, or not at all.</summary>
public sealed class FirstFillTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    IEnumerable<string> Files => Directory.GetFiles(_folder.Path).Select(file => Path.GetFileName(file)!);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItAppearsWithAllThatWasStoredAndGoesOnAsAnyStore()
    {
        using (var store = Fill())
        {
            store.Append(Batch("a1"));
            store.Append(Batch("a2"));
            File.Exists(Db).Should().BeFalse();
            store.IsFilling.Should().BeTrue();

            store.EndFill();

            store.IsFilling.Should().BeFalse();
            StoreRows.Events(Db).Should().HaveCount(2);
            store.Append(Batch("a3")).Added.Should().Be(1);
            store.Append(Batch("a2")).Added.Should().Be(0);
            store.ReadCheckpoints().Keys.Should().BeEquivalentTo("log:a1", "log:a2", "log:a3");
            store.Read(reader => reader.HasEvents()).Should().BeTrue();
        }

        StoreRows.Events(Db).Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3");
        Files.Should().Equal("usage.db");
        RollupRows.ShouldBeTheEvents(Db);
    }

    [Fact]
    public void ItIsTheSameFileAsAStoreThatWasMadeEmpty()
    {
        using (var store = Fill())
        {
            store.EndFill();
        }

        UsageStore.Open(_folder["other.db"]).Dispose();

        foreach (var sql in (string[])["SELECT * FROM sqlite_schema ORDER BY name", "PRAGMA user_version", "PRAGMA application_id", "PRAGMA page_size", "PRAGMA journal_mode"])
        {
            StoreRows.Query(Db, sql).Select(row => row.ToString()).Should().Equal(StoreRows.Query(_folder["other.db"], sql).Select(row => row.ToString()), sql);
        }

        StoreRows.Query(Db, "PRAGMA journal_mode").Single().Text("journal_mode").Should().Be("wal");
        StoreRows.Query(Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
    }

    [Fact]
    public void UntilThenOnlyItsOwnerMayReadItAndNobodyCanGuessItsName()
    {
        using var store = Fill();
        store.Append(Batch("a1"));

        var file = Files.Single(name => name.EndsWith(".new", StringComparison.Ordinal));
        file.Should().MatchRegex(@"^usage\.db\.[0-9a-f]{32}\.new$");
        Directory.GetFiles(_folder.Path).Should().OnlyContain(path => IsOwnersOnly(path));

        store.EndFill();

        IsOwnersOnly(Db).Should().BeTrue();
    }

    [Fact]
    public void OneThatIsGivenUpLeavesNothing()
    {
        using (var store = Fill())
        {
            store.Append(Batch("a1"));
        }

        Files.Should().BeEmpty();
    }

    [Fact]
    public void OfTwoAtOnceTheSecondIsToldAndChangesNothing()
    {
        using var first = Fill();
        using var second = Fill();
        first.Append(Batch("a1"));
        second.Append(Batch("a2"));
        first.EndFill();

        second.Invoking(store => store.EndFill()).Should().Throw<StoreExistsException>();

        first.Append(Batch("a3"));
        StoreRows.Events(Db).Select(row => row.Text("entry_id")).Should().Equal("a1", "a3");
        Files.Where(file => file.Contains(".new", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void AfterAWhileItEndsByItself()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var store = UsageStore.OpenOrFill(Db, time, upgrading: null);
        var appeared = 0;
        store.Appeared = () => appeared++;
        store.Append(Batch("a1"));
        time.Advance(TimeSpan.FromSeconds(29));
        store.Append(Batch("a2"));
        File.Exists(Db).Should().BeFalse();

        time.Advance(TimeSpan.FromSeconds(1));
        store.Append(Batch("a3")).Added.Should().Be(1);

        (store.IsFilling, appeared).Should().Be((false, 1));
        store.Append(Batch("a4")).Added.Should().Be(1);
        store.EndFill();
        StoreRows.Events(Db).Should().HaveCount(4);
        appeared.Should().Be(1);
    }

    [Fact]
    public void AFullDiskIsToldAndLeavesNothing()
    {
        using (var store = Fill())
        {
            store.Append(Batch("a1"));
            store.Connection.Execute($"PRAGMA max_page_count = {store.Connection.QueryInt("PRAGMA page_count") + 1}");

            store.Invoking(it => it.Append(new Batch { Events = [.. Enumerable.Range(0, 2_000).Select(i => Some.Event($"e{i}"))] }))
                .Should().Throw<UserFacingException>().WithMessage($"*no room*{Db}*nothing was stored*");
            store.Invoking(it => it.EndFill()).Should().Throw<ObjectDisposedException>("half of a batch is in it");
        }

        Files.Should().BeEmpty();
    }

    /// <summary>SQLite leaves a log where it had no room to move it into the file.</summary>
    [Fact]
    public void WhatIsNotWholeDoesNotAppear()
    {
        using (var store = Fill())
        {
            store.Append(Batch("a1"));
            File.WriteAllText(_folder[Files.Single(name => name.EndsWith(".new", StringComparison.Ordinal))] + "-journal", "half of it");

            store.Invoking(it => it.EndFill()).Should().Throw<UserFacingException>().WithMessage("*no room*nothing was stored*");
        }

        Files.Should().BeEmpty();
    }

    [Fact]
    public void WhatAProcessLeftThatWasKilledIsRemovedByTheNextAndNothingElse()
    {
        var left = $"usage.db.{new string('a', 32)}.new";
        string[] others = [$"usage.db.{new string('g', 32)}.new", "usage.db.new", $"other.db.{new string('a', 32)}.new", $"{left}s", "usage.db.original-20261121T100000Z.bak"];
        foreach (var name in (string[])[left, $"{left}.lock", $"{left}-wal", $"{left}-journal", $"usage.db.{new string('b', 32)}.new", $"usage.db.{new string('c', 32)}.new.lock", .. others])
        {
            File.WriteAllText(_folder[name], "left");
        }

        using var living = Fill();
        living.Append(Batch("a1"));
        Files.Where(file => file.Contains(".new", StringComparison.Ordinal)).Should().HaveCount(2 + 4, "a living one has a lock, and is left alone by others");
        UsageStore.Open(Db).Dispose();

        living.Invoking(store => store.EndFill()).Should().Throw<StoreExistsException>();

        Files.Should().BeEquivalentTo(["usage.db", .. others]);
    }

    [Fact]
    public void AStoreThatIsThereIsNeverFilledBesideItsPlace()
    {
        UsageStore.Open(Db).Dispose();

        using var store = Fill();

        store.IsFilling.Should().BeFalse();
        store.Append(Batch("a1"));
        StoreRows.Events(Db).Should().ContainSingle();
    }

    [Fact]
    public void AnEmptyFileIsRefusedAndLeftAsItIs()
    {
        File.WriteAllBytes(Db, []);

        var fill = Fill;

        fill.Should().Throw<UserFacingException>().WithMessage("*empty file*");
        Files.Should().Equal("usage.db");
    }

    [Fact]
    public void AnEmptyFileThatAppearsMeanwhileIsLeftAsItIs()
    {
        using var store = Fill();
        File.WriteAllBytes(Db, []);

        store.Invoking(it => it.EndFill()).Should().Throw<StoreExistsException>();

        new FileInfo(Db).Length.Should().Be(0);
    }

    [Fact]
    public void WhereALinkLeadsTheStoreIsFilled()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // Links need rights there.
        }

        var target = _folder["disk/real.db"];
        Directory.CreateDirectory(_folder["disk"]);
        File.CreateSymbolicLink(Db, target);
        using (var store = Fill())
        {
            store.Append(Batch("a1"));
            Directory.GetFiles(_folder["disk"]).Should().HaveCount(2, "there, and not beside the link");
            store.EndFill();
        }

        new FileInfo(Db).LinkTarget.Should().Be(target);
        Directory.GetFiles(_folder["disk"]).Should().Equal(target);
        StoreRows.Events(Db).Should().ContainSingle();
    }

    static bool IsOwnersOnly(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    UsageStore Fill() => UsageStore.OpenOrFill(Db, TimeProvider.System, upgrading: null);

    static Batch Batch(string id) => new() { Events = [Some.Event(id)], Checkpoints = [new Checkpoint($"log:{id}", "{}")] };
}
