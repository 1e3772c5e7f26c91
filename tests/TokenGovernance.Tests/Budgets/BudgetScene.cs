using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>A store, a configuration, a clock, and a web server that hears what is told. Vienna's time, from Wednesday, 2026-11-18, 12:00 on.</summary>
sealed class BudgetScene : IDisposable
{
    int _events;

    public TempFolder Folder { get; } = new();

    public Receiver Receiver { get; } = new();

    public SettableClock Clock { get; } = new(new DateTimeOffset(2026, 11, 18, 11, 0, 0, TimeSpan.Zero));

    public string Db => Folder["usage.db"];

    /// <summary>List prices for budgets that estimate; NULL: there are none.</summary>
    public Func<PriceList>? Prices { get; set; }

    /// <summary>The configuration file's text; `HOOK` stands for the receiver's address.</summary>
    public string Config { get; set; } = "";

    /// <summary>Stores a response of now.</summary>
    public void Spend(double? dollars, string agent = "main", long tokens = 1000, double hoursAgo = 0, string session = "s1", string model = "stub-a") =>
        Spend(Clock.GetUtcNow().AddHours(-hoursAgo), dollars, agent, tokens, session, model);

    /// <summary>Stores a response of some time.</summary>
    public void Spend(DateTimeOffset at, double? dollars, string agent = "main", long tokens = 1000, string session = "s1", string model = "stub-a")
    {
        using var store = UsageStore.Open(Db, Clock);
        store.Append(new Batch { Events = [EventAt(at, dollars, agent, tokens, session, model)] });
    }

    /// <summary>Stores a response of which nobody measured what it used.</summary>
    public void SpendUnmeasured()
    {
        using var store = UsageStore.Open(Db, Clock);
        store.Append(new Batch { Events = [EventAt(Clock.Now, null, "main", 0, "s1", "stub-a") with { Tokens = default, Cost = Cost.NotMeasured }] });
    }

    /// <summary>Stores many responses at once.</summary>
    public void SpendAll(IEnumerable<(DateTimeOffset At, double Dollars, string Agent)> responses)
    {
        using var store = UsageStore.Open(Db, Clock);
        store.Append(new Batch { Events = [.. responses.Select(one => EventAt(one.At, one.Dollars, one.Agent, 1000, "s1", "stub-a"))] });
    }

    /// <summary>Checks as a new process would: looks, stores and delivers. Returns the texts that came.</summary>
    public IReadOnlyList<string> Check(bool deliver = true)
    {
        var before = Receiver.All.Count;
        CheckOnly(deliver);

        return [.. Receiver.Texts.Skip(before)];
    }

    /// <summary>As a check; what came may be no JSON of ours.</summary>
    public void CheckOnly(bool deliver = true)
    {
        Sent = [];
        using var store = UsageStore.Open(Db, Clock);
        var settings = ReadSettings();
        using var destinations = new Destinations(settings, openClawBin: null, Clock);
        var view = new BudgetWatch(settings, settings.Zone!, new LocalStore(Db), Clock, Prices).Read();
        store.ChangeAlerts(table => new AlertRecorder(settings, destinations, Clock).Record(table, view));
        if (deliver)
        {
            Sent = DeliveryRun.RunAsync(store, new Outbox(destinations, Clock), CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    /// <summary>What became of the messages of the last check.</summary>
    public IReadOnlyList<Sent> Sent { get; private set; } = [];

    public Settings ReadSettings()
    {
        WriteSettings();

        return ConfigurationFile.Read(Folder["config.toml"]);
    }

    public void WriteSettings() =>
        File.WriteAllText(Folder["config.toml"], "timezone = 'Europe/Vienna'\n" + Config.Replace("HOOK", Receiver.Url, StringComparison.Ordinal));

    public void Dispose()
    {
        Receiver.Dispose();
        Folder.Dispose();
    }

    UsageEvent EventAt(DateTimeOffset at, double? dollars, string agent, long tokens, string session, string model)
    {
        var ms = at.ToUnixTimeMilliseconds();
        var id = $"e{_events++}";

        return new UsageEvent
        {
            Key = EventKey.FromEntry(id, ms),
            Session = Some.Session(session, agent),
            EntryId = id,
            EventMs = ms,
            StartedMs = ms,
            ModelProvider = "stubai",
            Model = model,
            Tokens = new TokenCounts(tokens / 2, tokens / 2, 0, 0, tokens, null),
            Cost = dollars is { } known ? new Cost(known, 0, 0, 0, known, CostClass.Recorded) : new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded),
            SourceFile = "x.jsonl",
            SourceLineNo = _events,
        };
    }
}

/// <summary>A clock that shows what it is told to, also backwards.</summary>
sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan time) => Now += time;
}
