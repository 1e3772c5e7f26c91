using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>What was found for somebody who typed no verb.</summary>
sealed record WelcomeFacts
{
    /// <summary>The configuration file; NULL: this user has no place for one.</summary>
    public string? Configuration { get; init; }

    public bool HasConfiguration { get; init; }

    /// <summary>What is wrong with the configuration, or with a place that the environment names: then nothing else was looked for.</summary>
    public string? Mistake { get; init; }

    /// <summary>OpenClaw's state directories that are collected from, and how each is.</summary>
    public IReadOnlyList<(string Path, string State, bool IsUsable)> Homes { get; init; } = [];

    /// <summary>State directories of profiles, which are not.</summary>
    public IReadOnlyList<string> OtherHomes { get; init; } = [];

    /// <summary>The address of the database of a fleet that is asked instead of a store; it was not looked into. NULL: there is a store, or will be.</summary>
    public string? Fleet { get; init; }

    public string? StorePath { get; init; }

    /// <summary>NULL: there is no store, or it cannot be read.</summary>
    public long? Responses { get; init; }

    /// <summary>How long ago the newest response was; NULL: none has a time.</summary>
    public string? Newest { get; init; }

    /// <summary>How long ago the last pass ended.</summary>
    public string? Collected { get; init; }

    /// <summary>Why the store cannot be read.</summary>
    public string? StoreProblem { get; init; }

    /// <summary>The verb that mends it, or says more.</summary>
    public string? Remedy { get; init; }

    public bool IsDaemonRunning { get; init; }
}

/// <summary>One screen of 24 lines and 80 columns: what this is, what was found, what to type next.</summary>
sealed class WelcomeText(WelcomeFacts facts)
{
    const int Width = 80;
    const int LabelWidth = 15;
    const int CommandWidth = 35;
    const int PathWidth = 46;
    const int MostHomes = 2;
    const int MostLines = 2;

    static readonly (string Command, string Meaning)[] Questions =
    [
        ("status", "today, week and month; quotas, budgets"),
        ("report month", "who used what this month"),
        ("report jobs", "which cron jobs, and what they cost"),
        ("report compare", "what changed since the week before"),
        ("serve", "a page to look at with a browser"),
    ];

    public void Write(TextWriter output)
    {
        output.WriteLine($"Token Governance {TextWidth.Fit(ProgramVersion.Text, 20)}: who spends your OpenClaw tokens, and on what.");
        output.WriteLine();
        foreach (var (label, text) in Found())
        {
            WriteRow(output, label, text);
        }

        output.WriteLine();
        output.WriteLine("Next");
        WriteCommands(output, Next());
        output.WriteLine();
        output.WriteLine("Ask");
        WriteCommands(output, Questions);
        output.WriteLine();
        output.WriteLine("All verbs: token-governance --help. Is all well? token-governance doctor");
    }

    IEnumerable<(string Label, string Text)> Found()
    {
        if (facts.Mistake is { } mistake)
        {
            yield return ("Configuration", mistake);
            yield break;
        }

        foreach (var (i, (path, state, _)) in facts.Homes.Take(MostHomes).Index())
        {
            yield return (i == 0 ? "OpenClaw" : "", $"{Shown(path)}: {state}");
        }

        var more = facts.Homes.Count - MostHomes;
        if (more > 0)
        {
            yield return ("", $"and {more} more");
        }

        if (facts.OtherHomes is [var other, ..] others)
        {
            yield return ("", $"a profile, not collected: {Shown(other, 28)}{(others.Count > 1 ? $", +{others.Count - 1}" : "")}");
        }

        if (facts.Fleet is { } fleet)
        {
            yield return ("Fleet", fleet);
        }
        else
        {
            yield return ("Store", Shown(facts.StorePath!));
            yield return ("", StateOfStore());
            yield return ("Daemon", $"{(facts.IsDaemonRunning ? "running" : "not running")}{(facts.Collected is { } collected ? $"; last collected {collected}" : "")}");
        }

        yield return ("Configuration", facts.Configuration is not { } configuration ? "none"
            : facts.HasConfiguration ? Shown(configuration) : $"none; it would be {Shown(configuration)}");
    }

    string StateOfStore() => facts switch
    {
        { StoreProblem: { } problem } => problem.Replace($"{facts.StorePath!} is", "This is", StringComparison.Ordinal),
        { Responses: null } => "not there yet",
        { Responses: 0 } => "empty",
        { Responses: var responses } => $"{NumberFormat.Count(responses!.Value, "response")}{(facts.Newest is { } newest ? $", newest {newest}" : "")}",
    };

    IEnumerable<(string Command, string Meaning)> Next()
    {
        if (facts.Mistake is not null)
        {
            return [("config check", "says what is wrong, and where"), ("config example", "prints a file to begin with")];
        }

        if (facts.Fleet is not null)
        {
            return [("fleet status", "how far the nodes are"), ("report month --by node", "which machine used what this month")];
        }

        if (facts.Remedy is { } remedy)
        {
            return [(remedy, remedy is "init" ? "upgrades the store" : "says what is wrong with the store")];
        }

        if (facts.Responses is > 0)
        {
            return facts.IsDaemonRunning ? [("status", "how things stand")] : [("status", "how things stand"), ("setup", "lets it collect in the background")];
        }

        return facts.Homes.Any(home => home.IsUsable)
            ? [("collect --once", "reads all that OpenClaw still has on disk"), ("setup", "lets it collect in the background")]
            : [($"collect --once --openclaw-home {(facts.OtherHomes is [var other, ..] ? Shown(other) : "FOLDER")}", "names the folder where OpenClaw has its state")];
    }

    static void WriteCommands(TextWriter output, IEnumerable<(string Command, string Meaning)> commands)
    {
        foreach (var (command, meaning) in commands)
        {
            var line = $"  token-governance {command}";
            output.WriteLine(line.Length <= CommandWidth ? $"{line.PadRight(CommandWidth)} {meaning}" : $"{line}\n    {meaning}");
        }
    }

    static void WriteRow(TextWriter output, string label, string text)
    {
        var lines = new Screen(Width - LabelWidth - 2, HasColor: false).Wrap(PrintableText.Of(text)).ToList();
        foreach (var (i, line) in lines.Take(MostLines).Index())
        {
            output.WriteLine($"{(i == 0 ? label : "").PadRight(LabelWidth)}{line}{(i == MostLines - 1 && lines.Count > MostLines ? " …" : "")}");
        }
    }

    /// <summary>A path in one line; below the user's folder it begins with `~`, as shells read it.</summary>
    static string Shown(string path, int width = PathWidth)
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var text = !OperatingSystem.IsWindows() && user.Length > 1 && path.StartsWith($"{user}/", StringComparison.Ordinal) ? $"~{path[user.Length..]}" : path;

        return TextWidth.FitMiddle(text, width, width / 2);
    }
}
