using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Usage added up for a period, for the one before it, and by day for a forecast.</summary>
/// <param name="window">The periods.</param>
sealed class PeriodSums(BudgetWindow window)
{
    /// <summary>Empty until something of those days is added: most sums are of now.</summary>
    UsageTally[] _days = [];
    UsageTally _now, _before;

    /// <summary>The usage of the period.</summary>
    public UsageTally Now => _now;

    /// <summary>The usage of the period before.</summary>
    public UsageTally Before => _before;

    /// <summary>The days that a forecast is made from, together with those of earlier sums; empty if nothing was used in them.</summary>
    public ReadOnlySpan<UsageTally> DaysWith(PeriodSums? earlier)
    {
        if (earlier is not { _days.Length: > 0 })
        {
            return _days;
        }

        if (_days.Length == 0)
        {
            return earlier._days;
        }

        var both = new PeriodSums(window);
        both.Add(earlier);
        both.Add(this);

        return both._days;
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear() => (_days, _now, _before) = ([], default, default);

    /// <summary>Adds usage that began with a moment.</summary>
    public void Add(long ms, in UsageTally tally)
    {
        if (ms >= window.Now.StartMs)
        {
            _now.Add(tally);
        }
        else if (window.Before is { } before && ms >= before.StartMs)
        {
            _before.Add(tally);
        }

        if (window.FirstDay is { } first && (int)(ms / QuarterHour.DayMs) - first is >= 0 and < Forecast.MostDays and var day)
        {
            MakeDays()[day].Add(tally);
        }
    }

    /// <summary>Adds sums of the same periods.</summary>
    public void Add(PeriodSums other)
    {
        _now.Add(other._now);
        _before.Add(other._before);
        for (var day = 0; day < other._days.Length; day++)
        {
            MakeDays()[day].Add(other._days[day]);
        }
    }

    UsageTally[] MakeDays() => _days.Length == 0 ? _days = new UsageTally[Forecast.MostDays] : _days;
}
