using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Quotas;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Budgets;

/// <summary>Looks at everything that is to be watched.</summary>
/// <param name="settings">What that is.</param>
/// <param name="zone">Whose days.</param>
/// <param name="source">The store; the same one each time.</param>
/// <param name="time">The clock.</param>
/// <param name="pauseFactor">Reading all again because some of it changed may take at most one in so many parts of the time.</param>
sealed class BudgetWatch(Settings settings, TimeZoneInfo zone, IStore source, TimeProvider time, int pauseFactor = 20)
{
    const long HourMs = 3_600_000;

    readonly LocalCalendar _calendar = new(zone);
    readonly Dictionary<(string Agent, AmountUnit Unit, long StartMs), string> _texts = [];
    readonly bool _asksForSessions = settings.Budgets.SelectMany(budget => budget.Where.Select(filter => filter.Dimension).Concat(budget.Each is { } each ? [each] : []))
        .Concat(settings.Runaway?.Where.Select(filter => filter.Dimension) ?? []).Any(dimension => dimension is Dimension.Session or Dimension.Job);

    EarlierUsage? _earlier;
    (ChangePosition, long, int)? _seen;

    /// <summary>Looks at the store.</summary>
    /// <param name="withRunaways">Also at runaways: that reads eight weeks.</param>
    public BudgetView Read(bool withRunaways = true) => source.Read(store => Read(store, withRunaways));

    /// <summary>True if a look may see something else than the one before: something was stored, or a quarter-hour has begun.</summary>
    public bool HasNews(IStoreReader store) => _seen != StateOf(store);

    /// <summary>Looks at the store, for who has it open already.</summary>
    public BudgetView Read(IStoreReader store, bool withRunaways = true)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var usage = new UsageRows(store, _asksForSessions);
        var earlier = _earlier ??= new EarlierUsage(settings, _calendar, pauseFactor);
        earlier.Bring(store, usage, nowMs, withRunaways);
        var state = StateOf(store);
        var live = usage.ReadFrom(earlier.End).ToList();
        var view = new BudgetView(
            earlier.Meter is { } meter ? ReadBudgets(live, meter, nowMs) : [],
            withRunaways && settings.Runaway is { } runaway ? ReadRunaways(store, live, runaway, earlier.Runaways, nowMs) : null,
            settings.Quotas.Count == 0 ? [] : [.. QuotaAlerts.Find(settings.Quotas, Reports.Quotas.Of(store.ReadQuotas(), nowMs), nowMs)])
        {
            History = earlier.TakeHistory(),
        };

        // What changed earlier and is not read yet is still news.
        _seen = earlier.IsComplete ? state : null;

        return view;
    }

    (ChangePosition, long, int) StateOf(IStoreReader store) => (
        store.ReadPosition(), settings.Quotas.Count == 0 ? 0 : store.ReadLastQuota(), QuarterHour.Of(time.GetUtcNow().ToUnixTimeMilliseconds()));

    /// <summary>All runaways of the last 28 days, with settings that the file need not have.</summary>
    public IReadOnlyList<(RunawayEpisode Episode, string Text)> ReadRunaways(RunawaySettings runaway) => source.Read(store =>
    {
        using var usage = new UsageRows(store, withSessions: true);
        var now = QuarterHour.Of(time.GetUtcNow().ToUnixTimeMilliseconds());
        var scan = new RunawayScan(runaway, RunawayScan.FirstOf(now));
        var since = QuarterHour.StartMs(now - (RunawayRule.Days * QuarterHour.PerDay));

        return (IReadOnlyList<(RunawayEpisode, string)>)
        [
            .. scan.Find(usage.ReadSpent(scan.First, now + 1), now).Where(episode => episode.LastMs >= since)
                .Select(episode => (episode, TextOf(usage, runaway, episode))),
        ];
    });

    static IReadOnlyList<BudgetStatus> ReadBudgets(List<UsageRow> rows, BudgetMeter earlier, long nowMs)
    {
        var live = new BudgetMeter(earlier);
        foreach (var row in rows)
        {
            live.Add(row);
        }

        return live.Read(earlier, nowMs);
    }

    /// <summary>Those that are not over; what one says stays as it was said first.</summary>
    List<(RunawayEpisode Episode, string Text)> ReadRunaways(IStoreReader store, List<UsageRow> rows, RunawaySettings runaway, RunawayScan scan, long nowMs)
    {
        var now = QuarterHour.Of(nowMs);
        var open = scan.Find(rows.Select(row => row.Spent), now).Where(episode => episode.IsOpen).ToList();
        var texts = open.Select(episode => (Key: (episode.Agent, episode.Unit, episode.StartMs), Episode: episode))
            .Select(one => (one.Key, one.Episode, Text: _texts.GetValueOrDefault(one.Key) ?? TextOf(store, runaway, one.Episode))).ToList();
        _texts.Clear();
        texts.ForEach(one => _texts[one.Key] = one.Text);

        return [.. texts.Select(one => (one.Episode, one.Text))];
    }

    static string TextOf(IStoreReader store, RunawaySettings runaway, RunawayEpisode episode)
    {
        using var usage = new UsageRows(store, withSessions: true);

        return TextOf(usage, runaway, episode);
    }

    static string TextOf(UsageRows usage, RunawaySettings runaway, RunawayEpisode episode) => RunawayText.Of(episode, HourOf(usage, runaway, episode));

    /// <summary>What the agent used in the quarter-hour that was flagged first and the three before it.</summary>
    static List<UsageRow> HourOf(UsageRows usage, RunawaySettings runaway, RunawayEpisode episode)
    {
        var end = episode.StartMs + QuarterHour.Ms;

        return
        [
            .. usage.Read(new TimeRange(end - HourMs, end), isWhole: _ => false)
                .Where(row => (row.Names.Agent ?? "") == episode.Agent && row.Names.AreAccepted(runaway.Where)),
        ];
    }
}
