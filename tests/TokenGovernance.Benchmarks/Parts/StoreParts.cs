using System.Globalization;
using BenchmarkDotNet.Attributes;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Parts;

/// <summary>From events to rows.</summary>
public class StoreParts
{
    const int Events = 1_000;

    readonly string _folder = Directory.CreateTempSubdirectory("token-governance-benchmarks-").FullName;
    readonly SessionIdentity _session = new("home", "main", "session");
    UsageStore? _store;
    long _ms = 1_785_542_400_000;

    [GlobalSetup]
    public void Open() => _store = UsageStore.Open(Path.Combine(_folder, "usage.db"));

    [GlobalCleanup]
    public void Close()
    {
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public object Append1000NewEvents()
    {
        var events = Enumerable.Range(0, Events).Select(_ => Event(_ms += 1_000)).ToList();

        return _store!.Append(new Batch { Events = events, Checkpoints = [new Checkpoint("log:file", "{}")] });
    }

    UsageEvent Event(long ms)
    {
        var id = ms.ToString("x", CultureInfo.InvariantCulture);

        return new UsageEvent
        {
            Key = EventKey.FromEntry(id, ms),
            Session = _session,
            EntryId = id,
            EventMs = ms,
            StartedMs = ms,
            ModelProvider = "anthropic",
            Model = "claude-opus-4-6",
            Api = "anthropic-messages",
            StopReason = "stop",
            Tokens = new TokenCounts(10, 20, 30, 40, 100, null),
            Cost = new Cost(0.1, 0.2, 0.3, 0.4, 1, CostClass.Recorded),
            SourceFile = "/home/user/.openclaw/agents/main/sessions/0564b03a-42ef-488f-a39d-53fe89f5064e.jsonl",
            SourceLineNo = 1,
        };
    }
}
