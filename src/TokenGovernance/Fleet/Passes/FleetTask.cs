using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Fleet.Passes;

/// <summary>Pushes beside the passes: in the background, some time after something was stored, and no pass waits for it.</summary>
/// <remarks>
///     Where nothing new is stored, nothing is asked of the database. After a failure it waits longer and longer. Each wait is a little other
///     than the last one, so that nodes that were started together do not push together for ever.
/// </remarks>
/// <param name="settings">The configuration file; it is read anew when it changes.</param>
/// <param name="openTarget">Opens the database.</param>
/// <param name="planOf">What is pushed.</param>
/// <param name="log">Is told of it.</param>
/// <param name="time">The clock.</param>
sealed class FleetTask(
    SettingsWatch settings, Func<FleetSettings, FleetTarget> openTarget, Func<FleetSettings, FleetPlan> planOf, CollectLog log, TimeProvider time) : IPassTask, IAsyncDisposable
{
    const double Jitter = 0.2;
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    /// <summary>Between two looks at the configuration file.</summary>
    static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);

    readonly CancellationTokenSource _end = new();
    readonly HashSet<string> _notes = new(StringComparer.Ordinal);
    readonly List<FleetTarget> _targets = [];
    FleetSettings? _settings = Wanted(settings.Settings);
    FleetTarget? _target;
    long _readAt = time.GetTimestamp();
    Task<PushResult>? _pushing;
    (string Text, DateTime At)? _lastError;
    (long EventId, long Change, long Snapshot)? _pushed;
    string? _failure;
    int _failures;
    long? _endedAt;
    TimeSpan _pause;

    public string Name => "pushing to the fleet's database";

    public Task? Running => _pushing;

    public TimeSpan? Rest => _pushing is not null || _settings is null ? null : _endedAt is { } at ? Positive(_pause - time.GetElapsedTime(at)) : TimeSpan.Zero;

    public void AfterPass(PassDone pass) => Go(pass.Store);

    public void BetweenPasses(UsageStore store) => Go(store);

    /// <summary>Ends a push that is under way; its batch is there whole, or not at all.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_pushing is not null)
        {
            await ((Task)_pushing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var target in _targets)
        {
            await target.DisposeAsync();
        }

        _end.Dispose();
    }

    void Go(UsageStore store)
    {
        TakeResult();
        FollowSettings();
        if (_settings is not { } fleet || _pushing is not null || (_endedAt is { } at && time.GetElapsedTime(at) < _pause))
        {
            return;
        }

        (_endedAt, _pause) = (time.GetTimestamp(), Vary(TimeSpan.FromSeconds(fleet.IntervalSec)));
        if (_failure is not null || IsNews(store))
        {
            _pushing = Task.Run(() => PushAsync(store, fleet), _end.Token);
        }
    }

    /// <summary>What the file says now holds from the next push on.</summary>
    void FollowSettings()
    {
        if (time.GetElapsedTime(_readAt) >= ReadEvery)
        {
            _readAt = time.GetTimestamp();
            Reread();
        }

        var wanted = Wanted(settings.Settings);
        if (wanted == _settings || _pushing is not null)
        {
            return;
        }

        (_settings, _target, _pushed, _lastError, _failure, _failures, _endedAt) = (wanted, null, null, null, null, 0, null);
        log.Write(wanted is null
            ? "[fleet] is no longer in the configuration: nothing is pushed"
            : $"[fleet] of the configuration is another: pushing to {wanted.Address} as '{planOf(wanted).Name}' from now on");
    }

    void Reread()
    {
        try
        {
            settings.Reread();
        }
        catch (UserFacingException e)
        {
            if (_settings is not null)
            {
                log.Warn($"the fleet's database stays as it was: {e.Message}");
            }
        }
    }

    /// <summary>NULL: nothing is pushed.</summary>
    static FleetSettings? Wanted(Settings settings) => settings.Fleet is { Address: not null } fleet ? fleet : null;

    bool IsNews(UsageStore store) => _pushed is null || store.Read(ReadPlace) != _pushed;

    static (long EventId, long Change, long Snapshot) ReadPlace(StoreReader store)
    {
        var position = store.ReadPosition();

        return (position.EventId, position.Change, store.ReadLastQuota());
    }

    Task<PushResult> PushAsync(UsageStore store, FleetSettings fleet)
    {
        if (_target is null)
        {
            _targets.Add(_target = openTarget(fleet));
        }

        var plan = planOf(fleet);

        return _target.DoAsync(
            connection => new FleetPush(plan, read => store.Read(read)) { LastError = _lastError }.RunAsync(connection, _end.Token), _end.Token);
    }

    void TakeResult()
    {
        if (_pushing is not { IsCompleted: true } done)
        {
            return;
        }

        _pushing = null;
        _endedAt = time.GetTimestamp();
        try
        {
            Tell(done.GetAwaiter().GetResult());
        }
        catch (UserFacingException e)
        {
            _pause = Vary(Longer(TimeSpan.FromSeconds(_settings?.IntervalSec ?? 0), ++_failures));
            _lastError = (e.Message, time.GetUtcNow().UtcDateTime);
            if (_failure != e.Message)
            {
                _failure = e.Message;
                log.Warn($"not pushed, and tried again: {e.Message}");
            }
        }
    }

    void Tell(PushResult result)
    {
        (_failures, _lastError) = (0, null);
        _pushed = (result.Position.EventId, result.Position.Change, result.SnapshotId);
        foreach (var note in result.Notes.Where(_notes.Add))
        {
            log.Warn(note);
        }

        if (_failure is not null)
        {
            _failure = null;
            log.Write("pushing to the fleet's database again");
        }

        if (result.Told + result.Snapshots > 0)
        {
            log.Write(PushText.Of(result));
        }
    }

    static TimeSpan Longer(TimeSpan interval, int failures)
    {
        var pause = interval * Math.Pow(2, Math.Min(failures, 20));

        return pause < LongestPause ? pause : interval < LongestPause ? LongestPause : interval;
    }

    static TimeSpan Vary(TimeSpan pause) => pause * (1 + (Jitter * ((Random.Shared.NextDouble() * 2) - 1)));

    static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
