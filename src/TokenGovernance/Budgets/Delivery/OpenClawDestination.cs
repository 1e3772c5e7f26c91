using System.Diagnostics;
using TokenGovernance.Configuration;
using TokenGovernance.Processes;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Sends messages through OpenClaw's own channels: `openclaw message send`. No model is asked, so it costs nothing.</summary>
/// <param name="settings">Where to.</param>
/// <param name="openClawBin">The program; NULL looks for `openclaw` on PATH.</param>
/// <param name="time">The clock of the time limit.</param>
sealed class OpenClawDestination(OpenClawSettings settings, string? openClawBin, TimeProvider time) : IDestination
{
    const int MaxOutput = 1 << 20;

    /// <summary>OpenClaw needs seconds to start.</summary>
    public TimeSpan TimeLimit => TimeSpan.FromSeconds(60);

    public bool WantsResolutions => false;

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken stop)
    {
        // Name and value are one argument each: a group's id begins with a dash.
        string[] arguments =
        [
            "message", "send", $"--channel={settings.Channel}", $"--target={settings.Target}",
            .. settings.Account is { } account ? [$"--account={account}"] : Array.Empty<string>(), $"--message={message.Text}",
        ];

        return await RunAsync(openClawBin, arguments, TimeLimit, MaxOutput, time, stop);
    }

    /// <summary>Runs `openclaw`; returns NULL if it did its work.</summary>
    public static async Task<string?> RunAsync(
        string? openClawBin, string[] arguments, TimeSpan timeLimit, int maxOutput, TimeProvider time, CancellationToken stop)
    {
        if (OpenClawBin.TryFind(openClawBin, Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return openClawBin is null ? "there is no openclaw on PATH: name it with openclaw-bin in the configuration" : $"there is no program {openClawBin}";
        }

        return ProgramDestination.Explain(
            "openclaw", timeLimit, await ChildProcess.RunAsync(new ProcessStartInfo(program, arguments), timeLimit, maxOutput, time, stop));
    }
}
