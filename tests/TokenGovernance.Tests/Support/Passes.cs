using TokenGovernance.Collection;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests;

/// <summary>One collector, driven pass by pass by hand.</summary>
sealed class Passes : IDisposable
{
    readonly UsageStore _store;
    readonly Collector _collector;

    public Passes(string db, string home, TimeProvider time)
        : this(db, new Homes([home]), time)
    {
    }

    public Passes(string db, Homes homes, TimeProvider time, bool rescan = false)
    {
        _store = UsageStore.Open(db, time);
        _collector = homes.OpenCollector(_store, rescan, time);
    }

    public PassResult Run() => _collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

    public void Dispose() => _store.Dispose();
}

/// <summary>A clock an hour ahead: whatever was written a moment ago has long settled.</summary>
sealed class LaterClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
}
