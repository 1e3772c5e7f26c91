using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>Follows one series of quarter-hours, such as the dollars of an agent, and says when it is out of control.</summary>
/// <remarks>
///     Two signs, each explainable in one sentence. A burst: the quarter-hour and the hour before now both cost more than the same
///     ever did in 28 days, with a margin that grows with how wild the peaks were. Sustained: for four hours no quarter-hour cost less
///     than a limit that was never kept up so long. People pause and jobs end: a loop does neither.
/// </remarks>
/// <param name="rule">The limits.</param>
/// <param name="closed">Quarter-hours, from the beginning of a day on, in which nothing was spent before this begins.</param>
sealed class RunawayWatch(RunawayRule rule, int closed = 0)
{
    const int HourQuarters = 4;
    const int SustainedQuarters = 16;

    readonly double[] _recent = new double[SustainedQuarters];
    Peaks _quarter = new(), _hour = new(), _sustained = new();
    Queue<bool> _active = new();
    int _closed = closed, _unused = SustainedQuarters, _quiet, _alarmQuarters;
    bool _isActiveDay, _wasActiveSince;
    double _burstLimit, _hourLimit, _sustainedLimit;

    /// <summary>Days with usage among the last 28 whole ones.</summary>
    public int ActiveDays { get; private set; }

    /// <summary>True from the first flag until six hours without one.</summary>
    public bool IsAlarmed { get; private set; }

    /// <summary>Nothing was used for hours and nothing is wrong: quarter-hours without usage change nothing but the day.</summary>
    public bool IsAtRest => !IsAlarmed && _unused >= SustainedQuarters;

    /// <summary>One that goes on from here by itself.</summary>
    public RunawayWatch Clone()
    {
        var clone = new RunawayWatch(rule, _closed)
        {
            _quarter = _quarter.Clone(),
            _hour = _hour.Clone(),
            _sustained = _sustained.Clone(),
            _active = new Queue<bool>(_active),
            _unused = _unused,
            _quiet = _quiet,
            _alarmQuarters = _alarmQuarters,
            _isActiveDay = _isActiveDay,
            _wasActiveSince = _wasActiveSince,
            _burstLimit = _burstLimit,
            _hourLimit = _hourLimit,
            _sustainedLimit = _sustainedLimit,
            ActiveDays = ActiveDays,
            IsAlarmed = IsAlarmed,
        };
        _recent.CopyTo(clone._recent, 0);

        return clone;
    }

    /// <summary>Goes on where the one was that <see cref="Write" /> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        (_closed, _unused, _quiet, _alarmQuarters) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (_isActiveDay, _wasActiveSince, IsAlarmed) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        for (var i = 0; i < SustainedQuarters; i++)
        {
            _recent[i] = reader.ReadDouble();
        }

        (_quarter, _hour, _sustained) = (Peaks.Read(reader), Peaks.Read(reader), Peaks.Read(reader));
        _active = new Queue<bool>(Enumerable.Range(0, reader.ReadByte()).Select(_ => reader.ReadBoolean()));
        ActiveDays = _active.Count(isActive => isActive);
        SetLimits();
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var count in (ReadOnlySpan<int>)[_closed, _unused, _quiet, _alarmQuarters])
        {
            writer.Write(count);
        }

        foreach (var isSo in (ReadOnlySpan<bool>)[_isActiveDay, _wasActiveSince, IsAlarmed])
        {
            writer.Write(isSo);
        }

        foreach (var spent in _recent)
        {
            writer.Write(spent);
        }

        _quarter.Write(writer);
        _hour.Write(writer);
        _sustained.Write(writer);
        writer.Write((byte)_active.Count);
        foreach (var isActive in _active)
        {
            writer.Write(isActive);
        }
    }

    /// <summary>What the quarter-hour that has begun says so far.</summary>
    /// <param name="spent">What it cost until now.</param>
    public RunawaySigns Judge(double spent)
    {
        var hour = spent + Sum(HourQuarters - 1);
        var least = Math.Min(spent, Least(SustainedQuarters - 1));
        var isKnown = ActiveDays >= RunawayRule.LeastDays;
        var floor = rule.Floor * (isKnown ? 1 : RunawayRule.FloorFactor);
        var isBurst = spent > floor && hour > floor && (!isKnown || (spent > _burstLimit && hour > _hourLimit));

        // Looked at only where it may matter: most quarter-hours are followed by thousands.
        var isKeptUp = isKnown && least > Math.Max(_sustainedLimit, floor / RunawayRule.FloorFactor);
        var hours = isBurst || isKeptUp ? spent + Sum(SustainedQuarters - 1) : 0;
        var isSustained = isKeptUp && hours > RunawayRule.FloorFactor * floor;

        return new RunawaySigns(
            isBurst ? RunawayKind.Burst : isSustained ? RunawayKind.Sustained : RunawayKind.None,
            spent, hour, hours, least, _quarter.Highest, _hour.Highest, _sustained.Highest, ActiveDays);
    }

    /// <summary>Ends a quarter-hour: what comes next is the one after it.</summary>
    /// <param name="spent">What it cost in all.</param>
    /// <returns>What it said, as a whole.</returns>
    public RunawaySigns Close(double spent)
    {
        var signs = Judge(spent);
        if (signs.Kind is not RunawayKind.None)
        {
            (IsAlarmed, _quiet) = (true, 0);
        }
        else if (IsAlarmed && ++_quiet > RunawayRule.QuietQuarters)
        {
            (IsAlarmed, _alarmQuarters) = (false, 0);
        }

        double? most = !IsAlarmed ? null : ++_alarmQuarters <= QuarterHour.PerDay ? RunawayRule.Learning : 1;
        _quarter.Add(signs.Quarter, most, rule.Floor);
        _hour.Add(signs.Hour, most, rule.Floor);
        _sustained.Add(signs.Least, most, rule.Floor / RunawayRule.FloorFactor);
        _isActiveDay |= spent > 0;
        _recent[_closed % SustainedQuarters] = spent;
        _unused = spent > 0 ? 0 : _unused + 1;
        if (++_closed % QuarterHour.PerDay == 0)
        {
            CloseDay();
        }

        return signs;
    }

    /// <summary>Ends quarter-hours without usage; only while it <see cref="IsAtRest" />.</summary>
    public void Rest(int quarters)
    {
        while (quarters > 0)
        {
            var step = Math.Min(quarters, QuarterHour.PerDay - (_closed % QuarterHour.PerDay));
            (_closed, quarters) = (_closed + step, quarters - step);
            if (_closed % QuarterHour.PerDay == 0)
            {
                CloseDay();
            }
        }
    }

    void CloseDay()
    {
        // Days before the first usage are not days without usage.
        _wasActiveSince |= _isActiveDay;
        if (!_wasActiveSince)
        {
            return;
        }

        _active.Enqueue(_isActiveDay);
        _isActiveDay = false;
        if (_active.Count > RunawayRule.Days)
        {
            _active.Dequeue();
        }

        ActiveDays = _active.Count(isActive => isActive);
        _quarter.CloseDay();
        _hour.CloseDay();
        _sustained.CloseDay();
        SetLimits();
    }

    void SetLimits()
    {
        if (_sustained.Ascending.Length >= RunawayRule.LeastDays)
        {
            _burstLimit = rule.BurstLimit(_quarter.Ascending, ActiveDays);
            _hourLimit = rule.BurstLimit(_hour.Ascending, ActiveDays);
            _sustainedLimit = rule.SustainedLimit(_sustained.Ascending, ActiveDays);
        }
    }

    /// <summary>The sum of the last closed quarter-hours.</summary>
    double Sum(int quarters)
    {
        var sum = 0.0;
        for (var back = 1; back <= Math.Min(quarters, _closed); back++)
        {
            sum += _recent[(_closed - back) % SustainedQuarters];
        }

        return sum;
    }

    /// <summary>The least of the last closed quarter-hours; 0 if there are not so many.</summary>
    double Least(int quarters)
    {
        var least = _closed < quarters ? 0 : double.MaxValue;
        for (var back = 1; back <= quarters && least > 0; back++)
        {
            least = Math.Min(least, _recent[(_closed - back) % SustainedQuarters]);
        }

        return least;
    }

    /// <summary>The highest value of each of the last 28 days.</summary>
    sealed class Peaks
    {
        Queue<double> _days = new();
        double _today;

        public double[] Ascending { get; private set; } = [];

        public Peaks Clone() => new() { _days = new Queue<double>(_days), _today = _today, Ascending = Ascending };

        public double Highest => Ascending.Length > 0 ? Ascending[^1] : 0;

        /// <param name="value">What was spent.</param>
        /// <param name="most">While there is an alarm: by how much it may raise what is usual.</param>
        /// <param name="floor">What is always usual.</param>
        public void Add(double value, double? most, double floor) =>
            _today = Math.Max(_today, most is { } times ? Math.Min(value, Math.Max(Highest, floor) * times) : value);

        public void CloseDay()
        {
            _days.Enqueue(_today);
            _today = 0;
            if (_days.Count > RunawayRule.Days)
            {
                _days.Dequeue();
            }

            Ascending = [.. _days.Order()];
        }

        public static Peaks Read(BinaryReader reader)
        {
            var peaks = new Peaks { _days = new Queue<double>(Enumerable.Range(0, reader.ReadByte()).Select(_ => reader.ReadDouble())), _today = reader.ReadDouble() };
            peaks.Ascending = [.. peaks._days.Order()];

            return peaks;
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write((byte)_days.Count);
            foreach (var peak in _days)
            {
                writer.Write(peak);
            }

            writer.Write(_today);
        }
    }
}
