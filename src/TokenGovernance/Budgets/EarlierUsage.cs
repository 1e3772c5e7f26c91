using System.Diagnostics;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Budgets;

/// <summary>What was used until half an hour ago, kept from one look to the next: little comes late, and periods end with a quarter-hour.</summary>
/// <param name="settings">What is watched.</param>
/// <param name="calendar">Whose days.</param>
/// <param name="prices">List prices for budgets that estimate; NULL: there are none.</param>
/// <param name="pauseFactor">Reading all again because some of it changed may take at most one in so many parts of the time.</param>
sealed class EarlierUsage(Settings settings, LocalCalendar calendar, Func<PriceList>? prices, int pauseFactor)
{
    ChangePosition _position;
    long _readAt;
    TimeSpan _took;
    int _meterEnd = int.MinValue;
    RunawayScan? _runaways;
    string? _historyKey;
    SpendingHistory? _history;

    /// <summary>The quarter-hour before which usage is kept: from here on it is to be read at each look.</summary>
    public int End { get; private set; } = int.MaxValue;

    /// <summary>Nothing earlier has changed that was not read again yet.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>How budgets stand with what is used since; NULL: there are none.</summary>
    public BudgetStandings? Standings { get; private set; }

    public RunawayScan Runaways => _runaways ?? throw new InvalidOperationException("they were not asked for");

    /// <summary>Makes it right for a moment. May read weeks: when something earlier changed, when a quarter-hour or a day begins.</summary>
    /// <param name="store">The store; the same one each time.</param>
    /// <param name="usage">Its usage.</param>
    /// <param name="nowMs">The moment.</param>
    /// <param name="withRunaways">Also runaways.</param>
    public void Bring(IStoreReader store, UsageRows usage, long nowMs, bool withRunaways)
    {
        var (now, position) = (QuarterHour.Of(nowMs), store.ReadPosition());
        if (now - 1 < End || _position.IsBeyond(position) || (position != _position && MayReadAgain() && HasChanged(store, position)))
        {
            (_meterEnd, _runaways, _position) = (int.MinValue, null, position);
        }

        var start = Stopwatch.GetTimestamp();
        var hasRead = ReadBudgets(usage, now - 1, nowMs) | (withRunaways && settings.Runaway is { } runaway && ReadRunaways(store, usage, runaway, now));
        (End, IsComplete) = (now - 1, _position == position);
        if (hasRead)
        {
            (_readAt, _took) = (Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));
        }
    }

    /// <summary>Weeks of spending that were read since the last time, and are worth keeping in the store; NULL: there are none.</summary>
    public SpendingHistory? TakeHistory()
    {
        var history = _history;
        _history = null;

        return history;
    }

    bool MayReadAgain() => Stopwatch.GetElapsedTime(_readAt) >= _took * pauseFactor;

    /// <summary>What changed only since then is read anew at each look anyway.</summary>
    bool HasChanged(IStoreReader store, ChangePosition position)
    {
        var hasChanged = store.HasEarlierChanges(_position, QuarterHour.StartMs(End));
        _position = position;

        return hasChanged;
    }

    bool ReadBudgets(UsageRows usage, int end, long nowMs)
    {
        if (settings.Budgets.Count == 0 || _meterEnd == end)
        {
            return false;
        }

        var isEstimated = settings.Budgets.Any(budget => budget.IsEstimated);
        var meter = new BudgetMeter(settings.Budgets, calendar, nowMs, isEstimated ? prices?.Invoke() : null);
        foreach (var row in usage.Read(new TimeRange(meter.FromMs, QuarterHour.StartMs(end)), meter.CutsOf))
        {
            meter.Add(row);
        }

        Standings = new BudgetStandings(meter, QuarterHour.StartMs(QuarterHour.Of(nowMs)));
        _meterEnd = end;

        return true;
    }

    bool ReadRunaways(IStoreReader store, UsageRows usage, RunawaySettings runaway, int now)
    {
        var (end, first) = (now - 1, RunawayScan.FirstOf(now));
        var today = QuarterHour.DayOf(end) * QuarterHour.PerDay;
        if (_runaways?.First != first || (KeptHistory.AsksForNamesThatChange(runaway) && _runaways.End < today))
        {
            _runaways = FindHistory(store, runaway, first, end) ?? new RunawayScan(runaway, first);
        }

        if (_runaways.End >= end)
        {
            return false;
        }

        if (_runaways.End < today)
        {
            // Until the day began: what comes late today does not change it.
            _runaways.Follow(usage.ReadSpent(_runaways.End, today), today);
            _history = _historyKey is { } key
                ? new SpendingHistory(key, first, today, _position.EventId, _position.Change, KeptHistory.Write(_runaways))
                : null;
        }

        _runaways.Follow(usage.ReadSpent(_runaways.End, end), end);

        return true;
    }

    /// <summary>Returns the weeks that the store keeps, if nothing of them has changed since.</summary>
    RunawayScan? FindHistory(IStoreReader store, RunawaySettings runaway, int first, int end) =>
        (_historyKey ??= KeptHistory.KeyOf(runaway)) is { } key
        && store.FindHistory(key) is { } kept && kept.First == first && kept.End <= end
        && new ChangePosition(kept.LastEventId, kept.LastChange) is var position && !position.IsBeyond(_position)
        && !store.HasEarlierChanges(position, QuarterHour.StartMs(kept.End))
            ? KeptHistory.Read(kept, runaway)
            : null;
}
