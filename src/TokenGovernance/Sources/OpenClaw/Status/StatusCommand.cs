using System.Diagnostics;
using System.Globalization;
using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Processes;

namespace TokenGovernance.Sources.OpenClaw.Status;

/// <summary>Asks `openclaw status --json --usage` for the state of quotas. It may take a minute, so it is asked in the background.</summary>
/// <param name="named">The program's path or name; NULL looks for `openclaw` on PATH.</param>
/// <param name="timeLimit">How long one run may take before it is killed with its children.</param>
/// <param name="time">The clock.</param>
sealed class StatusCommand(string? named, TimeSpan timeLimit, TimeProvider time)
{
    const int MaxOutput = 8 * 1024 * 1024;

    /// <summary>OpenClaw's own limit. With a much shorter one a single slow provider makes it report every provider as failed.</summary>
    static readonly TimeSpan ProviderLimit = TimeSpan.FromSeconds(45);

    /// <summary>Takes one reading. That there is no such program, or that it fails, is a result and no exception.</summary>
    /// <param name="home">The state directory it is about.</param>
    /// <param name="isDefaultHome">OpenClaw finds this home by itself; otherwise it is told.</param>
    /// <param name="agentId">The agent to ask for; NULL for OpenClaw's default.</param>
    /// <param name="stop">Ends the reading at once.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop" /> was requested.</exception>
    public async Task<StatusReading> ReadAsync(string home, bool isDefaultHome, string? agentId, CancellationToken stop)
    {
        if (OpenClawBin.TryFind(named, Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return StatusReading.Missing(named is null ? "there is no openclaw on PATH" : $"there is no program {named}");
        }

        var start = Prepare(program, agentId);
        if (!isDefaultHome)
        {
            start.Environment["OPENCLAW_STATE_DIR"] = home;
        }

        var result = await ChildProcess.RunAsync(start, timeLimit, MaxOutput, time, stop);
        var blank = new QuotaSnapshot { TakenMs = time.GetUtcNow().ToUnixTimeMilliseconds(), Home = home, AgentId = agentId };

        return Judge(program, result, blank) with { Hint = FindHint(result) };
    }

    ProcessStartInfo Prepare(string program, string? agentId)
    {
        var providerLimit = TimeSpan.FromTicks(Math.Min(ProviderLimit.Ticks, timeLimit.Ticks / 2));
        string[] arguments =
            ["status", "--json", "--usage", "--timeout", ((long)providerLimit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)];

        // A .cmd is run by Windows' command interpreter, whatever starts it.
        return agentId is not null && !AgentName.IsValid(agentId)
            ? throw new ArgumentException($"no agent id: {agentId}", nameof(agentId))
            : new ProcessStartInfo(program, agentId is null ? arguments : [.. arguments, "--agent", agentId]);
    }

    StatusReading Judge(string program, ChildResult result, QuotaSnapshot blank)
    {
        if (result.End is ChildEnd.NotStarted)
        {
            return StatusReading.Missing($"{program} cannot be started: {result.StartError}");
        }

        if (result.End is ChildEnd.TooMuchOutput)
        {
            return StatusText.FailedReading(blank, $"it printed more than {MaxOutput / 1024 / 1024} MiB");
        }

        // A whole answer counts, also of a program that then failed or did not come to its end.
        var reading = StatusParser.Parse(result.Output, blank);

        return (reading.Failure, result) switch
        {
            ({ }, { End: ChildEnd.TimedOut }) => StatusText.FailedReading(blank, NoAnswer()),
            ({ } failure, { ExitCode: not 0 and var code }) => StatusText.FailedReading(blank, $"exit code {code}, {failure}"),
            _ => reading,
        };
    }

    string NoAnswer() => string.Create(CultureInfo.InvariantCulture, $"no answer within {timeLimit.TotalSeconds} s");

    /// <summary>The first whole line of standard error that says something.</summary>
    static string? FindHint(ChildResult result) => Encoding.UTF8.GetString(result.Errors)
        .Split('\n')
        .Skip(result.ErrorsAreCut ? 1 : 0)
        .Select(StatusText.Line)
        .FirstOrDefault(line => line is not null && !line.StartsWith("at ", StringComparison.Ordinal));
}
