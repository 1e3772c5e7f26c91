using System.Diagnostics;
using System.Text;
using TokenGovernance.Processes;

namespace TokenGovernance.Sources.OpenClaw.Status;

/// <summary>Asks `openclaw --version`: is it there, and does it answer?</summary>
static class OpenClawProbe
{
    const int MaxOutput = 64 * 1024;

    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    /// <param name="named">The program's path or name; NULL looks for `openclaw` on PATH.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The program that was found, or NULL; whether it answered; and what, in one line.</returns>
    public static async Task<(string? Program, bool Answers, string Text)> AskAsync(string? named, TimeProvider time, CancellationToken stop)
    {
        if (OpenClawBin.TryFind(named, Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return (null, false, named is null ? "there is no openclaw on PATH" : $"there is no program {named}");
        }

        var result = await ChildProcess.RunAsync(new ProcessStartInfo(program, "--version"), TimeLimit, MaxOutput, time, stop);

        return result.End switch
        {
            ChildEnd.Exited when result.ExitCode == 0 => (program, true, StatusText.Line(Encoding.UTF8.GetString(result.Output)) ?? "no answer"),
            ChildEnd.Exited => (program, false, $"it ended with exit code {result.ExitCode}"),
            ChildEnd.NotStarted => (program, false, $"it cannot be started: {result.StartError}"),
            ChildEnd.TimedOut => (program, false, $"it did not answer within {TimeLimit.TotalSeconds} s"),
            _ => (program, false, "its answer is no version"),
        };
    }
}
