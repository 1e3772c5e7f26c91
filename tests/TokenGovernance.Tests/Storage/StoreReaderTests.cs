using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>Whoever reads sees one moment of the store, whoever writes meanwhile.</summary>
public sealed class StoreReaderTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatIsWrittenWhileAClosedStoreIsReadIsReadAgain()
    {
        Append(Db, "a1", "10:05");
        var calls = 0;

        var events = StoreReader.Read(Db, store =>
        {
            if (calls++ == 0)
            {
                Append(Db, "a2", "10:06");
            }

            return CountEvents(store);
        });

        (calls, events).Should().Be((2, 2));
    }

    [Fact]
    public void AReaderOfAnOpenStoreSeesTheMomentItBegan()
    {
        using var writer = UsageStore.Open(Db);
        Append(writer, "a1", "10:05");

        var (before, after) = StoreReader.Read(Db, store =>
        {
            var before = CountEvents(store);
            Append(writer, "a2", "10:06");

            return (before, CountEvents(store));
        });

        (before, after).Should().Be((1, 1));
        StoreReader.Read(Db, CountEvents).Should().Be(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoReadsBesideItsOwnWriterTakesNoLockFromIt(bool isLogEmpty)
    {
        Append(Db, "a1", "10:05");
        using var writer = UsageStore.Open(Db);
        if (!isLogEmpty)
        {
            Append(writer, "a2", "10:06");
        }

        StoreReader.Read(Db, CountEvents);

        // Another process opens the store and closes it: it must see that it is not the last, and leave the log alone.
        Cli.Run("init", "--db", Db).ExitCode.Should().Be(0);
        File.Exists($"{Db}-wal").Should().BeTrue();
        Append(writer, "a3", "10:07");
        Cli.Run("report", "--json", "--db", Db).Output.Should().Contain($"\"responses\": {(isLogEmpty ? 2 : 3)},");
    }

    [Fact]
    public void AStoreThatIsWrittenAllTheTimeIsGivenUpOnInTheEnd()
    {
        Append(Db, "a1", "10:05");
        var calls = 0;

        var read = () => StoreReader.Read(Db, store =>
        {
            Append(Db, $"b{calls}", $"11:{10 + calls++}");

            return CountEvents(store);
        });

        read.Should().Throw<UserFacingException>().WithMessage("*is being changed all the time*");
        calls.Should().BeLessThan(10);
    }

    [Fact]
    public void AReaderWaitsForNoWriter()
    {
        using var writer = UsageStore.Open(Db);
        Append(writer, "a1", "10:05");
        using var transaction = writer.Connection.BeginTransaction(deferred: false);

        StoreReader.Read(Db, CountEvents).Should().Be(1);
    }

    static long CountEvents(StoreReader store)
    {
        using var rows = store.ReadTable("usage_events", default);
        var count = 0L;
        while (rows.Next())
        {
            count++;
        }

        return count;
    }

    static void Append(string db, string id, string time)
    {
        using var store = UsageStore.Open(db);
        Append(store, id, time);
    }

    static void Append(UsageStore store, string id, string time) => store.Append(new Batch { Events = [Some.Event(id, time: time)] });
}
