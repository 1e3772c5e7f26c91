using System.Globalization;

namespace TokenGovernance.Configuration;

/// <summary>Settings in words, so that somebody sees whether the file says what was meant.</summary>
static class SettingsText
{
    /// <summary>One line for each thing that the file says.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Settings settings) =>
        new (string Name, string? Value)[]
        {
            ("store", settings.Db),
            ("OpenClaw home", settings.OpenClawHomes is { } homes ? string.Join(", ", homes) : null),
            ("openclaw", settings.OpenClawBin),
            ("prices", settings.Prices),
            ("time zone", settings.Zone?.Id),
            ("collect", Of(settings.Collect)),
            ("serve", settings.Serve is { } serve ? $"by the daemon too, at {serve.Listen ?? "the default address"}{(serve.TokenFile is null ? "" : ", with a token")}" : null),
            ("fleet", settings.Fleet is { } fleet ? $"collecting pushes to {fleet.Address} as {fleet.Name ?? Environment.MachineName}{(fleet.AllColumns ? ", all columns" : "")}" : null),
        }.Where(line => line.Value is { Length: > 0 }).Select(line => (line.Name, line.Value!));

    static string Of(CollectSettings collect) => string.Join(", ", new[]
    {
        collect.IntervalSec is { } seconds ? Text($"a pass every {seconds} s") : null,
        collect.NoStatus ? "no quota readings" : null,
        collect.NoAlerts ? "no look at budgets" : null,
        collect.StatusEvery is { } passes ? Text($"a quota reading every {passes} passes") : null,
        collect.StatusTimeoutSec is { } limit ? Text($"of at most {limit} s") : null,
        collect.StatusKeepMin is { } minutes ? Text($"kept every {minutes} min if unchanged") : null,
        collect.Agents is { } agents ? $"quotas of agent {string.Join(", ", agents)}" : null,
        collect.LogFormat is { } format ? $"log lines as {format}" : null,
        collect.Quiet ? "warnings only" : collect.Verbose ? "every pass logged" : null,
    }.Where(part => part is not null));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
