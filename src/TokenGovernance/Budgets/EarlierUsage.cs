using System.Diagnostics;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;

namespace TokenGovernance.Budgets;

/// <summary>What was used until half an hour ago, kept from one look to the next: little comes late, and periods end with a quarter-hour.</summary>
/// <param name="settings">What is watched.</param>
/// <param name="calendar">Whose days.</param>
/// <param name="pauseFactor">Reading all again because some of it changed may take at most one in so many parts of the time.</param>
sealed class EarlierUsage(Settings settings, LocalCalendar calendar, int pauseFactor)
{
    ChangePosition _position;
    long _readAt;
    TimeSpan _took;
    int _meterEnd = int.MinValue;
    RunawayScan? _runaways;

    /// <summary>The quarter-hour before which usage is kept: from here on it is to be read at each look.</summary>
    public int End { get; private set; } = int.MaxValue;

    /// <summary>Nothing earlier has changed that was not read again yet.</summary>
    public bool IsComplete { get; private set; }

    public BudgetMeter? Meter { get; private set; }

    public RunawayScan Runaways => _runaways ?? throw new InvalidOperationException("they were not asked for");

    /// <summary>Makes it right for a moment. May read weeks: when something earlier changed, when a quarter-hour or a day begins.</summary>
    /// <param name="store">The store; the same one each time.</param>
    /// <param name="usage">Its usage.</param>
    /// <param name="nowMs">The moment.</param>
    /// <param name="withRunaways">Also runaways.</param>
    public void Bring(StoreReader store, UsageRows usage, long nowMs, bool withRunaways)
    {
        var (now, position) = (QuarterHour.Of(nowMs), store.ReadPosition());
        if (now - 1 < End || _position.IsBeyond(position) || (position != _position && MayReadAgain() && HasChanged(store, position)))
        {
            (_meterEnd, _runaways, _position) = (int.MinValue, null, position);
        }

        var start = Stopwatch.GetTimestamp();
        var hasRead = ReadBudgets(usage, now - 1, nowMs) | (withRunaways && settings.Runaway is { } runaway && ReadRunaways(usage, runaway, now));
        (End, IsComplete) = (now - 1, _position == position);
        if (hasRead)
        {
            (_readAt, _took) = (Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(start));
        }
    }

    bool MayReadAgain() => Stopwatch.GetElapsedTime(_readAt) >= _took * pauseFactor;

    /// <summary>What changed only since then is read anew at each look anyway.</summary>
    bool HasChanged(StoreReader store, ChangePosition position)
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

        Meter = new BudgetMeter(settings.Budgets, calendar, nowMs);
        foreach (var row in usage.Read(new TimeRange(Meter.FromMs, QuarterHour.StartMs(end)), Meter.IsWhole))
        {
            Meter.Add(row);
        }

        _meterEnd = end;

        return true;
    }

    bool ReadRunaways(UsageRows usage, RunawaySettings runaway, int now)
    {
        var first = RunawayScan.FirstOf(now);
        if (_runaways?.First != first)
        {
            _runaways = new RunawayScan(runaway, first);
        }

        if (_runaways.End >= now - 1)
        {
            return false;
        }

        _runaways.Follow(usage.ReadSpent(_runaways.End, now - 1), now - 1);

        return true;
    }
}
