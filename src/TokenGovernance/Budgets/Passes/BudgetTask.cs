using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Budgets.Passes;

/// <summary>Watches limits beside the passes: soon after something was stored, and once a minute for what time alone brings about.</summary>
/// <remarks>
///     Looking reads the store in the background, and messages are sent there. On the thread of the passes only short transactions are
///     made: what fires, which messages are taken, and what became of them. So `budget check` beside a daemon sends nothing twice.
/// </remarks>
/// <param name="settings">The configuration file; it is read anew when it changes.</param>
/// <param name="openRound">Makes what a configuration needs.</param>
/// <param name="log">Is told of what fires.</param>
/// <param name="time">The clock.</param>
sealed class BudgetTask(SettingsWatch settings, Func<Settings, AlertRound> openRound, AlertLog log, TimeProvider time) : IPassTask, IAsyncDisposable
{
    /// <summary>Between two looks because of news.</summary>
    static readonly TimeSpan NewsEvery = TimeSpan.FromSeconds(10);

    /// <summary>Periods end, alerts are over, messages are due again, and others write into the store.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long the end of the daemon waits for messages that are on their way.</summary>
    static readonly TimeSpan LastWait = TimeSpan.FromSeconds(5);

    readonly CancellationTokenSource _end = new();
    readonly Dictionary<string, Task<Sent>> _sending = new(StringComparer.Ordinal);
    readonly List<Sent> _sent = [];
    readonly List<AlertRound> _rounds = [];
    AlertRound? _round;
    UsageStore? _store;
    Task<BudgetView?>? _looking;
    BudgetView? _view;
    bool _isNews;
    long? _lookedAt;
    long _readAt, _recordedAt;

    public string Name => "watching budgets";

    /// <summary>The look and the messages that are under way.</summary>
    public Task? Running => _looking is null && _sending.Count == 0 ? null : Task.WhenAny(All);

    public TimeSpan? Rest => _round is null || _looking is not null ? null : _lookedAt is { } at ? Pause - time.GetElapsedTime(at) : TimeSpan.Zero;

    TimeSpan Pause => _isNews ? NewsEvery : LookEvery;

    IEnumerable<Task> All => _looking is null ? _sending.Values : _sending.Values.Append<Task>(_looking);

    public void AfterPass(PassDone pass)
    {
        _isNews |= pass.ChangedEvents;
        Go(pass.Store);
    }

    public void BetweenPasses(UsageStore store) => Go(store);

    public async Task EndAsync(UsageStore store)
    {
        await ((Task)Task.WhenAll(_sending.Values)).WaitAsync(LastWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TakeSent();
        if (_round is { } round && _sent.Count > 0)
        {
            Record(round, store, mayTake: false);
        }
    }

    /// <summary>Ends what is under way, and with it programs that were started.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(All).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _rounds.ForEach(round => round.Dispose());
        _end.Dispose();
    }

    void Go(UsageStore store)
    {
        FollowSettings(store);
        TakeSent();
        TakeView();
        if (_round is not { } round)
        {
            return;
        }

        if (_view is not null || _sent.Count > 0 || time.GetElapsedTime(_recordedAt) >= LookEvery)
        {
            Record(round, store, mayTake: true);
        }

        if (_looking is null && (_lookedAt is not { } at || time.GetElapsedTime(at) >= Pause))
        {
            (_lookedAt, _isNews) = (time.GetTimestamp(), false);
            _looking = Task.Run(() => round.Look(store));
        }
    }

    /// <summary>Opens what the settings need, anew where they changed, or the store is opened anew: it may be another one.</summary>
    void FollowSettings(UsageStore store)
    {
        var isNew = !ReferenceEquals(store, _store);
        if (!isNew && time.GetElapsedTime(_readAt) < NewsEvery)
        {
            return;
        }

        var hasChanged = Reread();
        (_readAt, _store) = (time.GetTimestamp(), store);
        if (hasChanged || (_rounds.Count == 0 && isNew && settings.Settings.HasLimits))
        {
            log.Tell(settings.Settings);
        }

        if (hasChanged || isNew)
        {
            // A look that is under way ends by itself, and what it finds is of the old limits.
            (_looking, _view, _lookedAt, _round) = (null, null, null, null);
            if (settings.Settings.HasLimits)
            {
                _rounds.Add(_round = openRound(settings.Settings));
            }
        }
    }

    bool Reread()
    {
        try
        {
            return settings.Reread();
        }
        catch (UserFacingException e)
        {
            log.TellBroken(e.Message);

            return false;
        }
    }

    void TakeView()
    {
        if (_looking is { IsCompleted: true } done)
        {
            _looking = null;
            _isNews |= !done.IsCompletedSuccessfully;
            _view = done.GetAwaiter().GetResult() ?? _view;
        }
    }

    void TakeSent()
    {
        foreach (var (destination, sending) in _sending.Where(sending => sending.Value.IsCompleted).ToList())
        {
            _sending.Remove(destination);
            _sent.Add(sending.GetAwaiter().GetResult());
        }
    }

    void Record(AlertRound round, UsageStore store, bool mayTake)
    {
        // What cannot be stored is kept until it can.
        var (fired, parcels) = round.Record(store, _view, _sent, mayTake ? _sending.Keys : null);
        log.Tell(fired);
        _sent.ForEach(log.Tell);
        _sent.Clear();
        (_view, _recordedAt) = (null, time.GetTimestamp());
        foreach (var parcel in parcels)
        {
            _sending[parcel.Destination] = Task.Run(() => round.SendAsync(parcel, _end.Token));
        }
    }
}
