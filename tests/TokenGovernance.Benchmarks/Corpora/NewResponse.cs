using TokenGovernance.Domain;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Invents responses as they are written now.</summary>
static class NewResponse
{
    /// <param name="id">No two of a database have the same.</param>
    /// <param name="session">The id of its session.</param>
    /// <param name="line">Where it is in the file of its session.</param>
    public static UsageEvent Make(string id, string session, int line)
    {
        var ms = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        return new UsageEvent
        {
            Key = EventKey.FromEntry(id, ms),
            Session = new SessionIdentity("home", "main", session),
            EntryId = id,
            EventMs = ms,
            StartedMs = ms - 2000,
            ModelProvider = "stub",
            Model = "model",
            Tokens = new TokenCounts(1000, 500, 20_000, 1000, 22_500, null),
            Cost = new Cost(0.01, 0.01, 0.01, 0.01, 0.04, CostClass.Recorded),
            SourceFile = $"{session}.jsonl",
            SourceLineNo = line,
        };
    }
}
