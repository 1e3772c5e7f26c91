using System.Buffers;
using System.Diagnostics;
using System.Text;
using TokenGovernance.Processes;

namespace TokenGovernance.Setup;

/// <summary>Units of the user's own systemd: the collector, and timers for what it may not do itself.</summary>
sealed class SystemdUser(SetupFacts facts) : ISystemService
{
    const string Collector = "token-governance.service";
    const string UsualFolders = "%h/.local/bin:%h/.npm-global/bin:/usr/local/bin:/usr/bin:/bin";
    const string InstalledProgram = "/opt/token-governance/token-governance";

    static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" \t\"'\\;");

    static readonly string[] Quotas = ["token-governance-quotas.service", "token-governance-quotas.timer"];
    static readonly string[] Budgets = ["token-governance-budgets.service", "token-governance-budgets.timer"];
    static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    /// <summary>The folder of an archive; one that is not there (any more) does not keep the service from starting.</summary>
    string Archive => facts.Archive is { } archive ? $" {Quoted($"-{Plain(archive)}")}" : "";

    string Folder => Path.Combine(facts.ConfigurationFolder, "systemd", "user");

    IEnumerable<string> Names => [Collector, .. facts.OpenClaw is null ? [] : Quotas, .. facts.HasLimits ? Budgets : []];

    /// <summary>What is started: of a timer's pair the timer.</summary>
    string[] Started => [.. Names.Where(name => name is Collector || name.EndsWith(".timer", StringComparison.Ordinal))];

    public IReadOnlyList<WriteFile> Files => [.. Names.Select(name => new WriteFile(Path.Combine(Folder, name), TextOf(name)))];

    public IReadOnlyList<string> AllPaths => [.. new[] { Collector }.Concat(Quotas).Concat(Budgets).Select(name => Path.Combine(Folder, name))];

    public IReadOnlyList<string> Advice =>
    [
        "See how it is: systemctl --user status token-governance",
        "Read its log: journalctl --user -u token-governance",
        "Change a unit with 'systemctl --user edit', which setting up again leaves alone.",
    ];

    public async Task<string?> FindObstacleAsync(CancellationToken stop)
    {
        if (OpenClawBin.TryFind("systemctl", Environment.GetEnvironmentVariable("PATH")) is not { } systemctl)
        {
            return "there is no systemctl on PATH";
        }

        var result = await ChildProcess.RunAsync(
            new ProcessStartInfo(systemctl, ["--user", "show", "--property=Version"]), TimeLimit, maxOutput: 64 * 1024, TimeProvider.System, stop);

        return result is { End: ChildEnd.Exited, ExitCode: 0 } ? null
            : Encoding.UTF8.GetString(result.Errors).Trim() is { Length: > 0 } text ? text.ReplaceLineEndings(" ")
            : "systemctl --user does not answer";
    }

    public IReadOnlyList<RunProgram> Start(bool isAgain) =>
    [
        new("systemctl", "--user", "daemon-reload"),
        new(["systemctl", "--user", "enable", .. Started]),
        new(["systemctl", "--user", "restart", .. Started]),
        new("loginctl", "enable-linger")
        {
            IfItFails = $"Your services end when you log out. To let them run, ask an administrator for: loginctl enable-linger {Environment.UserName}",
        },
    ];

    public IReadOnlyList<RunProgram> Stop(IReadOnlyList<string> paths) =>
    [
        new(["systemctl", "--user", "disable", "--now", .. paths.Select(path => Path.GetFileName(path)).Where(name => name is Collector || name.EndsWith(".timer", StringComparison.Ordinal))]),
    ];

    public IReadOnlyList<RunProgram> Forget() => [new("systemctl", "--user", "daemon-reload")];

    string TextOf(string name)
    {
        var file = new DeployFile($"systemd/user/{name}");
        if (name.EndsWith(".service", StringComparison.Ordinal))
        {
            var options = name is "token-governance-budgets.service" ? facts.Options : [.. facts.Options, .. facts.CollectOptions];
            file.With($"ExecStart={InstalledProgram}", $"ExecStart={string.Join(' ', facts.Program.Select(word => Word(word)))}");
            if (options.Count > 0)
            {
                var verb = name switch
                {
                    Collector => "--log-format json\n",
                    "token-governance-quotas.service" => "collect --once\n",
                    _ => "budget check\n",
                };
                file.With(verb, $"{verb.TrimEnd('\n')} {string.Join(' ', options.Select(word => Word(word)))}\n");
            }

            if (facts.DotnetRoot is { } root)
            {
                file.With("[Service]\n", $"[Service]\nEnvironment={Quoted(Plain($"DOTNET_ROOT={root}"))}\n");
            }
        }

        if (name is Collector)
        {
            file.With("ReadWritePaths=%h/.local/share/token-governance", $"ReadWritePaths={Quoted(Plain(facts.StoreFolder))}{Archive}");
            if (facts.NeedsNetwork)
            {
                file.With("RestrictAddressFamilies=AF_UNIX\n", "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n").With("PrivateNetwork=yes\n", "");
            }
        }
        else if (name.EndsWith(".service", StringComparison.Ordinal) && facts.ProgramFolders.Count > 0)
        {
            file.WithBetween("Environment=PATH=", "\n", $"Environment={Quoted($"PATH={Plain(string.Join(':', facts.ProgramFolders))}:{UsualFolders}")}\n");
        }

        return $"# {DeployFile.Mark}, which writes it again. Change it with: systemctl --user edit {name}\n{file}";
    }

    /// <summary>A word of a command as systemd reads it: nothing in it stands for something else.</summary>
    static string Word(string word) => Quoted(Plain(word).Replace("$", "$$", StringComparison.Ordinal));

    static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    static string Quoted(string text) => text.AsSpan().ContainsAny(NeedQuotes)
        ? $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : text;
}
