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

    public void AfterPass(PassDone pass)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (pass.Result.Stored.Added > 0 && _nextMs is null)
        {
            _nextMs = nowMs + (long)Settles.TotalMilliseconds;
        }

        if (_nextMs <= nowMs)
        {
            _nextMs = pass.Store.CountForMetrics(Settles, MostAPass);
        }

        var health = (pass.Result.Failures.Count, (long)pass.Result.BadLines);
        if (health.Item2 > 0 || _health?.Failed != health.Count)
        {
            pass.Store.NoteForMetrics(health.Count, health.Item2);
            _health = health;
        }
    }
}
