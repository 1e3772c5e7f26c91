using System.Diagnostics;
using System.Globalization;
using System.Text;
using TokenGovernance.Processes;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Runs a program for each message, without a shell: JSON on standard input, the most important of it in the environment.</summary>
/// <param name="command">The program and its arguments.</param>
/// <param name="time">The clock of the time limit.</param>
sealed class ProgramDestination(IReadOnlyList<string> command, TimeProvider time) : IDestination
{
    /// <summary>Nobody reads what it prints: a few lines are for the error message.</summary>
    const int MaxOutput = 64 * 1024;

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public bool WantsResolutions => true;

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken stop)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach (var (name, value) in new (string, string?)[]
        {
            ("TG_ID", message.Id), ("TG_STATUS", message.Status), ("TG_KIND", message.Kind), ("TG_BUDGET", message.Budget),
            ("TG_INSTANCE", message.Instance), ("TG_THRESHOLD", message.Threshold.ToString(CultureInfo.InvariantCulture)),
            ("TG_VALUE", message.Value.ToString(CultureInfo.InvariantCulture)), ("TG_LIMIT", message.Limit.ToString(CultureInfo.InvariantCulture)),
            ("TG_UNIT", message.Unit), ("TG_TEXT", message.Text.Replace("\0", "", StringComparison.Ordinal)),
        })
        {
            start.Environment[name] = value ?? "";
        }

        return Explain(command[0], TimeLimit, await ChildProcess.RunAsync(start, TimeLimit, MaxOutput, time, stop, message.ToJson()));
    }

    /// <summary>NULL for a program that did its work.</summary>
    public static string? Explain(string program, TimeSpan limit, ChildResult result) => result switch
    {
        { End: ChildEnd.Exited, ExitCode: 0 } => null,
        { End: ChildEnd.Exited } => $"{program} ended with exit code {result.ExitCode}{LastLine(result.Errors)}",
        { End: ChildEnd.NotStarted } => $"{program} cannot be started: {result.StartError}",
        { End: ChildEnd.TooMuchOutput } => $"{program} printed too much and was killed",
        _ => $"{program} did not end within {limit.TotalSeconds} s and was killed",
    };

    static string LastLine(byte[] errors) =>
        Encoding.UTF8.GetString(errors).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var line]
            ? $": {PrintableText.Of(line)}"
            : "";
}
