namespace TokenGovernance.Budgets.Delivery;

/// <summary>Disables a cron job of OpenClaw's when its budget is used up. It goes the way of messages: stored first, tried again, done once.</summary>
/// <param name="job">The job's id.</param>
/// <param name="openClawBin">The program; NULL looks for `openclaw` on PATH.</param>
/// <param name="time">The clock of the time limit.</param>
sealed class DisableJobAction(string job, string? openClawBin, TimeProvider time) : IDestination
{
    const int MaxOutput = 1 << 20;

    public bool WantsResolutions => false;

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(60);

    /// <summary>No destination of a configuration has such a name.</summary>
    public static string NameOf(string job) => $"disable-job:{job}";

    public Task<string?> SendAsync(AlertMessage message, CancellationToken stop) => SetAsync("disable", stop);

    /// <summary>Enables the job again.</summary>
    /// <returns>NULL if that was done; else why not.</returns>
    public Task<string?> ResumeAsync(CancellationToken stop) => SetAsync("enable", stop);

    /// <summary>OpenClaw called its cron jobs `cron` before it called them `automations`.</summary>
    async Task<string?> SetAsync(string verb, CancellationToken stop) =>
        await RunAsync("automations", verb, stop) is { } error && await RunAsync("cron", verb, stop) is not null ? error : null;

    Task<string?> RunAsync(string noun, string verb, CancellationToken stop) =>
        OpenClawDestination.RunAsync(openClawBin, [noun, verb, job], TimeLimit, MaxOutput, time, stop);
}
