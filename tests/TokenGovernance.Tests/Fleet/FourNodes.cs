using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Fleet;

/// <summary>
///     Four nodes that read four homes, each home by two of them; what they pushed; and one store that read all four homes: what is asked of the fleet must be
///     what that store says.
/// </summary>
public sealed class FourNodes : IDisposable
{
    /// <summary>More than a page of rows.</summary>
    public const int Events = 2_080;

    const int Homes = 4, Days = 75;
    const long DayMs = 86_400_000;

    static readonly string[] Agents = ["main", "research", "ops"];
    static readonly string[] Channels = ["telegram", "whatsapp", "slack"];

    static readonly (string? Provider, string? Model)[] Models =
        [("anthropic", "claude-a"), ("openai", "gpt-a"), ("openai", "gpt-b"), ("ollama", "qwen"), (null, "nameless"), ("openai", null)];

    readonly PostgresServer _server = new();
    readonly TempFolder _folder = new();

    public FourNodes()
    {
        Url = _server.MakeDatabase();
        PlainUrl = _server.MakeDatabase(byMonth: false);
        var random = new Random(TestSeed.Value);
        var homes = Enumerable.Range(0, Homes).Select(home => Invent(random, home)).ToArray();
        for (var node = 0; node < Homes; node++)
        {
            Fill(_folder[$"node-{node}.db"], homes[node], homes[(node + 1) % Homes]);
        }

        Fill(Union, homes);
        PostgresServer.Wait(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, Homes).Select(node => FleetRows.PushAsync(Url, _folder[$"node-{node}.db"], $"node-{node}", allColumns: true)));
            await FleetRows.PushAsync(PlainUrl, Union, "alone");
        });
    }

    /// <summary>The fleet's database, with keys of sessions, by months.</summary>
    public string Url { get; }

    /// <summary>Another one, of one node that pushes no keys of sessions; without months.</summary>
    public string PlainUrl { get; }

    /// <summary>The store that read all homes.</summary>
    public string Union => _folder["union.db"];

    public PostgresServer Server => _server;

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    static void Fill(string db, params Batch[] batches)
    {
        using var store = UsageStore.Open(db);
        foreach (var batch in batches)
        {
            store.Append(batch);
        }

        store.Append([.. batches.Select(batch => Reading(batch.Sessions[0].Session.Home))], TimeSpan.Zero);
    }

    static QuotaSnapshot Reading(string home) => new()
    {
        TakenMs = Start + home[^11],
        Provider = "stubai",
        Kind = SnapshotKind.Window,
        WindowLabel = "5h",
        UsedPercent = home[^11],
        Home = home,
    };

    static long Start { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (Days * DayMs);

    static Batch Invent(Random random, int home)
    {
        var sessions = Enumerable.Range(0, 14).Select(i => InventSession(random, home, i)).ToList();

        return new Batch { Sessions = sessions, Events = [.. Enumerable.Range(0, Events / Homes).Select(i => InventEvent(random, home, i, sessions[random.Next(sessions.Count)].Session))] };
    }

    static SessionInfo InventSession(Random random, int home, int number)
    {
        var agent = Agents[random.Next(Agents.Length)];
        var session = new SessionIdentity($"/home/{home}/.openclaw", agent, $"{home}0000000-0000-4000-8000-0000000000{number:00}");
        var key = (number % 5) switch
        {
            0 => $"agent:{agent}:cron:job-{home}-{number}:run:{number}",
            1 => $"agent:{agent}:subagent:{number}",
            2 => $"agent:{agent}:{Channels[random.Next(3)]}:direct:+4366012{number:00}",
            3 => $"agent:{agent}:main:heartbeat",
            _ => null,
        };

        return new SessionInfo(session)
        {
            SessionKey = key,
            JobName = number % 10 == 0 ? $"nightly {home} {number}" : null,
            SpawnedBy = number % 5 == 1 ? $"agent:{agent}:telegram:direct:+43660{number % 3}" : null,
            Channel = random.Next(3) == 0 ? Channels[random.Next(3)] : null,
            ChatType = random.Next(3) == 0 ? "group" : null,
        };
    }

    static UsageEvent InventEvent(Random random, int home, int number, SessionIdentity session)
    {
        var id = $"h{home}e{number}";
        long? ms = random.Next(60) == 0 ? null : Start + random.NextInt64((Days * DayMs) - 60_000);
        var (provider, model) = Models[random.Next(Models.Length)];
        var tokens = random.Next(25) == 0 ? default : Tokens(random);

        return new UsageEvent
        {
            Key = ms is { } known ? EventKey.FromEntry(id, known) : EventKey.FromText(System.Text.Encoding.UTF8.GetBytes(id), ms: null),
            Session = session,
            EntryId = id,
            EventMs = ms,

            // Mostly some seconds before; now and then days, or after, as where a clock was wrong.
            StartedMs = random.Next(40) switch { 0 => null, 1 => ms - (5 * DayMs), 2 => ms + (3 * DayMs), _ => ms - random.Next(90_000) },
            ModelProvider = provider,
            Model = model,
            Api = random.Next(2) == 0 ? "responses" : null,
            ResponseModel = random.Next(3) == 0 ? $"{model}-0815" : null,
            StopReason = random.Next(12) == 0 ? UsageEvent.Failed : "stop",
            RunId = random.Next(2) == 0 ? $"run-{home}-{random.Next(90)}" : null,
            Tokens = tokens,
            Cost = CostOf(random, tokens),
            SourceFile = $"{session.Home}/agents/{session.AgentId}/sessions/{session.SessionId}.jsonl",
            SourceLineNo = number,
        };
    }

    static TokenCounts Tokens(Random random)
    {
        var (input, output) = (random.NextInt64(20_000), random.NextInt64(60));
        long? reasoning = random.Next(2) == 0 ? output / 2 : null;

        // Absurd numbers end at the largest there is, added up wherever.
        var cache = random.Next(300) == 0 ? long.MaxValue / 2 : random.NextInt64(50_000);

        return new TokenCounts(input, output, cache, random.Next(500), input + output, reasoning) { CacheWrite1h = random.Next(3) == 0 ? random.Next(400) : null };
    }

    /// <summary>Amounts with more digits than are kept, amounts in the middle between two billionths, and absurd ones.</summary>
    static Cost CostOf(Random random, TokenCounts tokens) => random.Next(12) switch
    {
        0 => default,
        1 => new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded),
        2 => Cost.NotMeasured,
        3 => new Cost(null, null, null, null, null, CostClass.PlanPaid),
        4 => new Cost(null, null, null, null, random.NextDouble() * 3, CostClass.ProviderBilled),
        5 => new Cost(null, null, null, null, (random.Next(1000) + 0.5) / 1e9, CostClass.Recorded),
        6 => new Cost(null, null, null, null, random.NextDouble() * 1_234_567, CostClass.ProviderBilled),
        _ => new Cost(null, null, null, null, tokens.Total is null or 0 ? 0 : random.NextDouble(), tokens.Total is null or 0 ? CostClass.Idle : CostClass.Recorded),
    };
}
