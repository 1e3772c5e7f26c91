using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Counts new events for metrics, each once, when what is known of it has settled.</summary>
sealed class MetricTask(TimeProvider time) : IPassTask
{
    /// <summary>Evidence of what started a run, and the job's name, come a little later than the response.</summary>
    static readonly TimeSpan Settles = TimeSpan.FromMinutes(1);

    const int MostAPass = 20_000;

    long? _nextMs = 0;
    (int Failed, long BadLines)? _health;

    public string Name => "counting for metrics";

    public TimeSpan? Rest => _nextMs is { } next ? TimeSpan.FromMilliseconds(Math.Max(0, next - time.GetUtcNow().ToUnixTimeMilliseconds())) : null;

    public void BetweenPasses(UsageStore store) => Count(store, time.GetUtcNow().ToUnixTimeMilliseconds());

    public void AfterPass(PassDone pass)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (pass.Result.Stored.Added > 0 && _nextMs is null)
        {
            _nextMs = nowMs + (long)Settles.TotalMilliseconds;
        }

        Count(pass.Store, nowMs);

        var health = (pass.Result.Failures.Count, (long)pass.Result.BadLines);
        if (health.Item2 > 0 || _health?.Failed != health.Count)
        {
            pass.Store.NoteForMetrics(health.Count, health.Item2);
            _health = health;
        }
    }

    void Count(UsageStore store, long nowMs)
    {
        if (_nextMs <= nowMs)
        {
            _nextMs = store.CountForMetrics(Settles, MostAPass);
        }
    }
}
