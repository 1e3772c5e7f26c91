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
/// <param name="prices">List prices for budgets that estimate, asked for each quarter of an hour; NULL: there are none.</param>
/// <param name="pauseFactor">Reading all again because some of it changed may take at most one in so many parts of the time.</param>
sealed class BudgetWatch(Settings settings, TimeZoneInfo zone, IStore source, TimeProvider time, Func<PriceList>? prices = null, int pauseFactor = 20)
{
    const long HourMs = 3_600_000;

    readonly LocalCalendar _calendar = new(zone);
    readonly Dictionary<(string Agent, AmountUnit Unit, long StartMs), string> _texts = [];
    readonly NameDetail _detail = DetailOf(settings);

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
        using var usage = new UsageRows(store, _detail);
        var earlier = _earlier ??= new EarlierUsage(settings, _calendar, prices, pauseFactor);
        earlier.Bring(store, usage, nowMs, withRunaways);
        var state = StateOf(store);
        var live = usage.ReadFrom(earlier.End).ToList();
        var view = new BudgetView(
            earlier.Standings?.Read(live) ?? [],
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
        using var usage = new UsageRows(store, NameDetail.Sessions);
        var now = QuarterHour.Of(time.GetUtcNow().ToUnixTimeMilliseconds());
        var scan = new RunawayScan(runaway, RunawayScan.FirstOf(now));
        var since = QuarterHour.StartMs(now - (RunawayRule.Days * QuarterHour.PerDay));
        var textOf = TextsOf(usage, runaway);

        return (IReadOnlyList<(RunawayEpisode, string)>)
        [
            .. scan.Find(usage.ReadSpent(scan.First, now + 1), now).Where(episode => episode.LastMs >= since).Select(episode => (episode, textOf(episode))),
        ];
    });

    /// <summary>Those that are not over; what one says stays as it was said first.</summary>
    List<(RunawayEpisode Episode, string Text)> ReadRunaways(IStoreReader store, List<UsageRow> rows, RunawaySettings runaway, RunawayScan scan, long nowMs)
    {
        var now = QuarterHour.Of(nowMs);
        var open = scan.Find(rows.Select(row => row.Spent), now).Where(episode => episode.IsOpen).ToList();
        var known = new Dictionary<(string, AmountUnit, long), string>(_texts);
        using var usage = open.TrueForAll(episode => known.ContainsKey(KeyOf(episode))) ? null : new UsageRows(store, NameDetail.Sessions);
        var textOf = usage is null ? null : TextsOf(usage, runaway);
        var texts = open.Select(episode => (Key: KeyOf(episode), Episode: episode, Text: known.GetValueOrDefault(KeyOf(episode)) ?? textOf!(episode))).ToList();
        _texts.Clear();
        texts.ForEach(one => _texts[one.Key] = one.Text);

        return [.. texts.Select(one => (one.Episode, one.Text))];
    }

    static (string Agent, AmountUnit Unit, long StartMs) KeyOf(RunawayEpisode episode) => (episode.Agent, episode.Unit, episode.StartMs);

    /// <summary>The names that the limits ask for.</summary>
    static NameDetail DetailOf(Settings settings)
    {
        var asked = settings.Budgets.SelectMany(budget => budget.Where.Select(filter => filter.Dimension).Concat(budget.Each is { } each ? [each] : []))
            .Concat(settings.Runaway?.Where.Select(filter => filter.Dimension) ?? []).ToHashSet();

        return asked.Contains(Dimension.Session) ? NameDetail.Sessions : asked.Contains(Dimension.Job) ? NameDetail.Jobs : NameDetail.Groups;
    }

    /// <summary>What is said of runaways; the hour that each began with is read once for all of them.</summary>
    static Func<RunawayEpisode, string> TextsOf(UsageRows usage, RunawaySettings runaway)
    {
        var hours = new Dictionary<long, List<UsageRow>>();

        return episode =>
        {
            // The quarter-hour that was flagged first and the three before it.
            var end = episode.StartMs + QuarterHour.Ms;
            if (!hours.TryGetValue(end, out var hour))
            {
                hours[end] = hour = [.. usage.Read(new TimeRange(end - HourMs, end), cutsOf: _ => null).Where(row => row.Names.AreAccepted(runaway.Where))];
            }

            return RunawayText.Of(episode, [.. hour.Where(row => (row.Names.Agent ?? "") == episode.Agent)]);
        };
    }
}
