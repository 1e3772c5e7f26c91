using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>Invents responses of one session, as they are written now.</summary>
/// <param name="name">No two of a database have the same.</param>
sealed class NewEvents(string name)
{
    int _count;

    public Batch Next(int count = 1) => new() { Events = [.. Enumerable.Range(0, count).Select(_ => NextEvent())] };

    UsageEvent NextEvent()
    {
        var ms = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{++_count:x8}");

        return new UsageEvent
        {
            Key = EventKey.FromEntry(id, ms),
            Session = new SessionIdentity("home", "main", name),
            EntryId = id,
            EventMs = ms,
            StartedMs = ms - 2000,
            ModelProvider = "stub",
            Model = "model",
            Tokens = new TokenCounts(1000, 500, 20_000, 1000, 22_500, null),
            Cost = new Cost(0.01, 0.01, 0.01, 0.01, 0.04, CostClass.Recorded),
            SourceFile = $"{name}.jsonl",
            SourceLineNo = _count,
        };
    }
}
