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

    /// <summary>The days that a forecast is made from; empty if nothing was used in them.</summary>
    public ReadOnlySpan<UsageTally> Days => _days;

    /// <summary>Sums of the same periods that hold both.</summary>
    public PeriodSums With(PeriodSums other)
    {
        var both = new PeriodSums(window);
        both.Add(this);
        both.Add(other);

        return both;
    }

    /// <summary>True if as much was added as to other sums of the same periods.</summary>
    public bool IsAs(PeriodSums other) =>
        _now.Equals(other._now) && _before.Equals(other._before) && _days.AsSpan().SequenceEqual(other._days);

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

    void Add(PeriodSums other)
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
