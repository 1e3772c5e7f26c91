using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>What one agent spent, quarter-hour by quarter-hour, and when that was out of control.</summary>
/// <param name="agent">Empty: not known.</param>
/// <param name="unit">Dollars, or output tokens of what has no price.</param>
/// <param name="rule">The limits.</param>
/// <param name="first">The quarter-hour, the first of a day, that it begins with.</param>
sealed class RunawaySeries(string agent, AmountUnit unit, RunawayRule rule, int first)
{
    readonly int _first = first;
    int _at = first;
    double _spent;
    RunawayWatch? _watch;
    RunawayEpisode? _open;

    /// <summary>A runaway is not over.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>One that goes on from here by itself.</summary>
    public RunawaySeries Clone() => new(agent, unit, rule, _first) { _at = _at, _spent = _spent, _watch = _watch?.Clone(), _open = _open };

    /// <summary>Adds what was spent in a quarter-hour: the last one there was, or a later one.</summary>
    /// <param name="quarter">Which.</param>
    /// <param name="spent">In the unit of the series.</param>
    /// <param name="over">Gets runaways that are over.</param>
    public void Add(int quarter, double spent, List<RunawayEpisode> over)
    {
        CloseTo(quarter, over);
        _spent += spent;
    }

    /// <summary>Ends all quarter-hours before one.</summary>
    public void CloseTo(int quarter, List<RunawayEpisode> over)
    {
        while (_at < quarter)
        {
            if (_spent == 0 && _watch is null or { IsAtRest: true })
            {
                // Most quarter-hours of most agents.
                _watch?.Rest(quarter - _at);
                _at = quarter;
            }
            else
            {
                _watch ??= new RunawayWatch(rule, _at - _first);
                Note(_watch.Close(_spent));
                if (_open is not null && !_watch.IsAlarmed)
                {
                    over.Add(_open with { IsOpen = false });
                    _open = null;
                }

                (_at, _spent) = (_at + 1, 0);
            }
        }
    }

    /// <summary>What is out of control at the quarter-hour that has begun. Nothing can be added after that.</summary>
    public RunawayEpisode? Judge()
    {
        if (_watch is not null || _spent > 0)
        {
            Note((_watch ?? new RunawayWatch(rule, _at - _first)).Judge(_spent));
        }

        return _open;
    }

    /// <summary>Reads what <see cref="Write" /> wrote, of a series that is empty.</summary>
    /// <param name="reader">From there.</param>
    /// <param name="at">The quarter-hour that comes next.</param>
    public void Read(BinaryReader reader, int at)
    {
        _at = at;
        if (reader.ReadBoolean())
        {
            _watch = new RunawayWatch(rule);
            _watch.Read(reader);
        }

        if (reader.ReadBoolean())
        {
            _open = new RunawayEpisode(
                agent, unit, reader.ReadInt64(), reader.ReadInt64(), RunawaySigns.Read(reader), reader.ReadDouble(), IsOpen: true);
        }
    }

    /// <summary>Writes how it stands at the end of a quarter-hour.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_watch is not null);
        _watch?.Write(writer);
        writer.Write(_open is not null);
        if (_open is { } open)
        {
            writer.Write(open.StartMs);
            writer.Write(open.LastMs);
            open.Signs.Write(writer);
            writer.Write(open.Spent);
        }
    }

    void Note(in RunawaySigns signs)
    {
        if (signs.Kind is not RunawayKind.None)
        {
            var ms = QuarterHour.StartMs(_at);
            _open = (_open ?? new RunawayEpisode(agent, unit, ms, ms, signs, 0, IsOpen: true)) with { LastMs = ms };
        }

        _open = _open is null ? null : _open with { Spent = _open.Spent + _spent };
    }
}
