using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Quotas;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Budgets;

/// <summary>Looks at everything that is to be watched.</summary>
/// <param name="settings">What that is.</param>
/// <param name="zone">Whose days.</param>
/// <param name="storePath">The store; the same one each time.</param>
/// <param name="time">The clock.</param>
sealed class BudgetWatch(Settings settings, TimeZoneInfo zone, string storePath, TimeProvider time)
{
    const long HourMs = 3_600_000;

    readonly LocalCalendar _calendar = new(zone);
    Earlier? _earlier;

    /// <summary>Looks at the store.</summary>
    /// <param name="withRunaways">Also at runaways: that reads eight weeks.</param>
    public BudgetView Read(bool withRunaways = true) => StoreReader.Read(storePath, store => Read(store, withRunaways));

    /// <summary>Looks at the store, for who has it open already.</summary>
    public BudgetView Read(StoreReader store, bool withRunaways = true)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var usage = new UsageRows(store);

        return new BudgetView(
            settings.Budgets.Count == 0 ? [] : ReadBudgets(usage, nowMs),
            withRunaways && settings.Runaway is { } runaway ? ReadRunaways(usage, runaway, nowMs) : null,
            settings.Quotas.Count == 0 ? [] : [.. QuotaAlerts.Find(settings.Quotas, Reports.Quotas.Of(store.ReadQuotas(), nowMs), nowMs)]);
    }

    /// <summary>Only the runaways, with settings that the file need not have.</summary>
    public IReadOnlyList<(RunawayEpisode Episode, string Text)> ReadRunaways(RunawaySettings runaway) => StoreReader.Read(storePath, store =>
    {
        using var usage = new UsageRows(store);

        return ReadRunaways(usage, runaway, time.GetUtcNow().ToUnixTimeMilliseconds());
    });

    IReadOnlyList<BudgetStatus> ReadBudgets(UsageRows usage, long nowMs)
    {
        // Periods begin and end with a quarter of an hour, and little comes late: all but the last half hour is kept until the next.
        var liveFrom = QuarterHour.StartMs(QuarterHour.Of(nowMs) - 1);
        if (_earlier is not { } earlier || earlier.EndMs != liveFrom)
        {
            earlier = new Earlier(liveFrom, new BudgetMeter(settings.Budgets, _calendar, nowMs));
            Fill(usage, earlier.Meter, new TimeRange(earlier.Meter.FromMs, liveFrom));
            _earlier = earlier;
        }

        var live = new BudgetMeter(settings.Budgets, _calendar, nowMs);
        Fill(usage, live, new TimeRange(liveFrom, null));

        return live.Read(earlier.Meter);
    }

    static void Fill(UsageRows usage, BudgetMeter meter, TimeRange range)
    {
        foreach (var row in usage.Read(range, meter.IsWhole))
        {
            meter.Add(row);
        }
    }

    static List<(RunawayEpisode Episode, string Text)> ReadRunaways(UsageRows usage, RunawaySettings runaway, long nowMs)
    {
        var scan = new RunawayScan(runaway, nowMs);
        foreach (var row in usage.Read(new TimeRange(scan.FromMs, null), isWhole: _ => false))
        {
            scan.Add(row);
        }

        return [.. scan.Find().Select(episode => (episode, RunawayText.Of(episode, HourOf(usage, runaway, episode))))];
    }

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

    /// <summary>What was used before the last half hour.</summary>
    sealed record Earlier(long EndMs, BudgetMeter Meter);
}
