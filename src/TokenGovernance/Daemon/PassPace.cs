using TokenGovernance.Collection;

namespace TokenGovernance.Daemon;

/// <summary>When the next pass is: after the interval, or at once when the system tells of a change.</summary>
/// <remarks>
///     Where changes are told all the time and nothing of ours is in them, passes come at longer and longer pauses, up to the interval.
///     A commit of a database is told when it is written, but seen only once it is flushed to the disk, and of that nothing is told: a pass that
///     was told of a change and found nothing is followed by others soon.
/// </remarks>
/// <param name="interval">The longest wait.</param>
/// <param name="homes">Where changes are told of.</param>
/// <param name="time">The clock.</param>
sealed class PassPace(TimeSpan interval, Homes homes, TimeProvider time)
{
    /// <summary>How long a pass waits for the rest of a change after the first notice.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(10);

    /// <summary>The shortest pause between two passes.</summary>
    static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How many passes follow soon after one that was told of a change and found nothing.</summary>
    const int MostSecondLooks = 2;

    TimeSpan _pause = ShortestPause;
    long? _counted;
    long _ended;
    int _secondLooks;
    bool _isTold;

    /// <summary>Begins a pass.</summary>
    /// <returns>True if the interval asked for it; false if a change brought it forward.</returns>
    public bool Begin()
    {
        _isTold = homes.CollectNotices();
        if (_counted is { } last && time.GetElapsedTime(last) < interval)
        {
            return false;
        }

        _counted = time.GetTimestamp();

        return true;
    }

    /// <summary>Ends a pass.</summary>
    public void End(PassResult pass, bool wasAskedFor)
    {
        if (pass.BytesRead > 0 || pass.Stored.Added > 0 || (wasAskedFor && !_isTold))
        {
            (_pause, _secondLooks) = (ShortestPause, 0);
        }
        else
        {
            _pause = wasAskedFor ? ShortestPause : _secondLooks == 0 ? _pause : Shorter(_pause * 2, interval);
            _secondLooks = _secondLooks < MostSecondLooks ? _secondLooks + 1 : 0;
        }

        _ended = time.GetTimestamp();
    }

    /// <summary>How long no pass may begin yet.</summary>
    public TimeSpan Pause => Left(Shorter(_pause, interval));

    /// <summary>How long until the next pass, if nothing is told.</summary>
    public TimeSpan Rest => Left(_secondLooks > 0 ? Shorter(_pause, interval) : interval);

    TimeSpan Left(TimeSpan pause) => pause - time.GetElapsedTime(_ended) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
