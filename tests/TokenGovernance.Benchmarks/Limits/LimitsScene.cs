using System.Globalization;
using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Limits;

/// <summary>A store with a year of usage until now, and a configuration with many budgets. Always the same but for the time.</summary>
sealed class LimitsScene(string folder, int events, int budgets)
{
    const int Agents = 20, SessionsOfAgent = 200, Batch = 20_000;
    const long YearMs = 365L * 86_400_000;

    static readonly string[] Models = ["claude-opus-4-6", "claude-sonnet-4-6", "gpt-5.2", "glm-5"];

    readonly Random _random = new(1);
    long _entries;

    public string Store => Path.Combine(folder, $"{events}.db");

    /// <summary>All budgets, and runaways.</summary>
    public string Config => Path.Combine(folder, $"{budgets}.toml");

    /// <summary>The same budgets, without runaways.</summary>
    public string PlainConfig => Path.Combine(folder, $"{budgets}-plain.toml");

    /// <summary>As somebody may have it: ten budgets, and runaways.</summary>
    public string SmallConfig => Path.Combine(folder, "10.toml");

    public void Make()
    {
        if (!File.Exists(Store))
        {
            Console.Error.WriteLine($"storing {events:N0} responses");
            using var store = UsageStore.Open(Store + ".new");
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            for (var done = 0; done < events; done += Batch)
            {
                store.Append(new Batch { Events = [.. Enumerable.Range(done, Math.Min(Batch, events - done)).Select(i => EventAt(now - YearMs + (YearMs * i / events), i))] });
            }

            store.EmptyLog();
            File.Move(Store + ".new", Store);
        }

        Write(Config, budgets, withRunaways: true);
        Write(PlainConfig, budgets, withRunaways: false);
        Write(SmallConfig, 10, withRunaways: true);
    }

    /// <summary>A response of now.</summary>
    public UsageEvent EventNow() => EventAt(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), _random.Next());

    /// <summary>Sessions last for a day or two, with some responses at a time.</summary>
    UsageEvent EventAt(long ms, int i)
    {
        var agent = i / 7 % Agents;
        var session = (ms / 172_800_000 * SessionsOfAgent / 180 + (i / 400 % 3)) % SessionsOfAgent;
        var id = string.Create(CultureInfo.InvariantCulture, $"{_entries++:x}-{ms:x}");

        return new UsageEvent
        {
            Key = EventKey.FromEntry(id, ms),
            Session = new SessionIdentity("home", $"agent-{agent:00}", string.Create(CultureInfo.InvariantCulture, $"session-{agent}-{session}")),
            EntryId = id,
            EventMs = ms,
            StartedMs = ms - 2000,
            ModelProvider = "stub",
            Model = Models[i / 11 % Models.Length],
            Tokens = new TokenCounts(1000, 500, 20_000, 1000, 22_500, null),
            Cost = new Cost(0.01, 0.01, 0.01, 0.01, 0.04 * (1 + _random.NextDouble()), CostClass.Recorded),
            SourceFile = $"agent-{agent:00}.jsonl",
            SourceLineNo = i,
        };
    }

    static void Write(string path, int count, bool withRunaways)
    {
        string[] periods = ["day", "week", "month", "5h"];
        var text = new StringBuilder("timezone = 'Europe/Vienna'\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $"""
                [[budget]]
                name = 'b-{i}'
                where = ['agent=agent-{i % Agents:00}'{(i % 3 == 0 ? $", 'model={Models[i / 3 % Models.Length]}'" : "")}]
                period = '{periods[i % periods.Length]}'
                limit = '{(i % 10 == 0 ? 5 : 5_000_000)} USD'
                warn = [50, 80]

                """).ReplaceLineEndings("\n"));
        }

        File.WriteAllText(path, text.Append(withRunaways ? "[runaway]\n" : "").ToString());
    }
}
