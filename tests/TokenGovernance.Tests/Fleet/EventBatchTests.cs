using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Fleet;

/// <summary>A batch on its way to the fleet's database, from a real store.</summary>
public sealed class EventBatchTests : IDisposable
{
    const int Rows = 2_000;

    readonly TempFolder _folder = new();

    public EventBatchTests()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [.. Enumerable.Range(0, Rows).Select(i => Some.Event($"a{i}"))] });
    }

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheNextBatchUsesTheMemoryOfTheOneBefore()
    {
        var batch = new EventBatch(allColumns: true, detachedBefore: null);
        var allocated = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            allocated.Add(StoreReader.Read(Db, store =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                StorePage.Read(store, after: null, afterSnapshot: 0, Rows, batch);

                return GC.GetAllocatedBytesForCurrentThread() - before;
            }));
            batch.Rows.Count.Should().Be(Rows);
        }

        allocated[^1].Should().BeLessThan(Rows * 32, "no row and no value is an object; statements and what events share are");
    }

    [Fact]
    public void RowsThatWereTakenOutAreInNoPiece()
    {
        var batch = new EventBatch(allColumns: true, detachedBefore: null);
        StoreReader.Read(Db, store => StorePage.Read(store, after: null, afterSnapshot: 0, 6, batch));
        var rows = batch.Rows;
        var whole = rows.Pieces().Single().ToArray();
        var size = whole.Length / 6;
        var ids = FleetColumns.Events.ToList().FindIndex(column => column.Name == "entry_id");

        foreach (var place in (int[])[0, 2, 3])
        {
            rows.Remove(place);
        }

        rows.Count.Should().Be(3);
        rows.ValuesOf<string?>(ids, Encoding.UTF8.GetString).Should().Equal("a1", "a4", "a5");
        rows.Pieces().Select(piece => piece.ToArray()).Should().BeEquivalentTo(
            [whole[size..(2 * size)], whole[(4 * size)..]], options => options.WithStrictOrdering());
    }
}
