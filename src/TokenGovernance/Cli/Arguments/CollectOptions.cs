using System.CommandLine;
using TokenGovernance.Budgets.Passes;
using TokenGovernance.Collection;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Logging;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The options of `collect`, and what they ask for.</summary>
sealed class CollectOptions
{
    readonly Option<string?> _db = SharedOptions.Db();
    readonly Option<string[]> _home = SharedOptions.Homes();

    readonly Option<double> _interval = Number("--interval-sec", "Seconds between two passes.", "seconds", 1, CollectSettings.IntervalSecLimits);

    readonly Option<bool> _once = new("--once") { Description = "Collect what is new, then exit (for cron)." };

    readonly Option<bool> _rescan = new("--rescan")
    {
        Description = "Read everything again, for example after an upgrade improved a rule; nothing is counted twice.",
    };

    readonly Option<bool> _json = new("--json") { Description = "With --once: print the result as one JSON object." };

    readonly Option<int> _statusEvery = Values.Count("--status-every", 30);

    readonly Option<bool> _noStatus = new("--no-status") { Description = "Read no quotas; openclaw is not run." };

    readonly Option<bool> _noAlerts = new("--no-alerts") { Description = "Do not look at the configuration's budgets, and send nothing." };

    readonly Option<string?> _openClawBin = SharedOptions.OpenClawBin();

    readonly Option<string[]> _agent = new("--agent")
    {
        Description = "Agent to read quotas for, where OpenClaw has no default agent; repeat it for several, one reading each.",
        HelpName = "id",
    };

    readonly Option<double> _statusTimeout = Number(
        "--status-timeout-sec", "Seconds a quota reading may take before openclaw is killed.", "seconds", 90, CollectSettings.StatusTimeoutSecLimits);

    readonly Option<double> _statusKeep = Number(
        "--status-keep-min", "Minutes until an unchanged quota reading is stored again; changes are stored at once.", "minutes", 15, CollectSettings.StatusKeepMinLimits);

    readonly Option<string[]> _runtime = RuntimeOption.Create();

    readonly Option<string> _logFormat = new("--log-format")
    {
        Description = "Write log lines as text, or as json: one object a line, for journald and log collectors.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Log warnings and errors only." };

    public CollectOptions()
    {
        _statusEvery.Description = "Passes between two quota readings; after a slow one the pause is longer.";
        _statusEvery.HelpName = "passes";
        _agent.Validators.Add(result => result.RequireAgentIds("--agent"));
        _agent.CompleteAgents(_db);
        _logFormat.AcceptOnly(CollectSettings.LogFormats);
    }

    /// <summary>Adds the options, and the rules between them, to the verb.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _db, _home, _interval, _once, _json, _rescan, _statusEvery, _noStatus, _noAlerts, _openClawBin, _agent, _statusTimeout, _statusKeep,
            _runtime, _logFormat, _quiet,
        ];
        Array.ForEach(all, command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.IsGiven(_json) && !result.IsGiven(_once))
            {
                result.AddError("--json needs --once: a daemon has no result to print.");
            }
        });
    }

    public bool IsOnce(ParseResult parse) => parse.GetValue(_once);

    public bool WantsJson(ParseResult parse) => parse.GetValue(_json);

    /// <summary>What is asked for: by an option, else by the configuration file, else by default.</summary>
    public CollectPlan ReadPlan(ParseResult parse)
    {
        var settings = parse.Settings().Collect;

        return new CollectPlan(
            parse.StorePath(_db),
            new Homes(parse.HomePaths(_home)) { ClaudeProjects = parse.ClaudeProjects(_runtime) },
            parse.GetValue(_noStatus) || settings.NoStatus ? null : ReadStatusPlan(parse, settings),
            parse.GetValue(_rescan),
            TimeSpan.FromSeconds(Given(parse, _interval, settings.IntervalSec)));
    }

    /// <summary>What the daemon watches, or NULL if it is to watch nothing.</summary>
    public BudgetTask? ReadBudgetTask(ParseResult parse, CollectLog log)
    {
        if (parse.GetValue(_noAlerts) || parse.Settings().Collect.NoAlerts)
        {
            return null;
        }

        var (path, isNamed) = parse.ConfigurationPath();
        var storePath = parse.StorePath(_db);

        return new BudgetTask(
            new SettingsWatch(path, isNamed, parse.Settings(), TimeProvider.System),
            settings => new AlertRound(
                settings, parse.OpenClawPath(settings, _openClawBin), storePath, TimeProvider.System, BudgetPrices.Of(parse, settings, log.Warn, _home)),
            new AlertLog(log),
            TimeProvider.System);
    }

    public LogStyle ReadLogStyle(ParseResult parse)
    {
        var settings = parse.Settings().Collect;
        var (isQuiet, isVerbose) = parse.GetValue(_quiet) || parse.IsVerbose()
            ? (parse.GetValue(_quiet), parse.IsVerbose())
            : (settings.Quiet, settings.Verbose);

        return new LogStyle(
            AsJson: ((parse.IsGiven(_logFormat) ? null : settings.LogFormat) ?? parse.GetValue(_logFormat)) is "json",
            UseColour: !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "",
            isQuiet ? LogLevel.Warning : isVerbose ? LogLevel.Debug : LogLevel.Info);
    }

    StatusPlan ReadStatusPlan(ParseResult parse, CollectSettings settings) => new()
    {
        OpenClawBin = parse.OpenClawPath(_openClawBin),
        Agents = parse.GetValue(_agent) is { Length: > 0 } agents ? agents : settings.Agents ?? [],
        DefaultHome = DefaultPaths.DefaultHome(),
        TimeLimit = TimeSpan.FromSeconds(Given(parse, _statusTimeout, settings.StatusTimeoutSec)),
        EveryPasses = Given(parse, _statusEvery, settings.StatusEvery),
        KeepUnchanged = TimeSpan.FromMinutes(Given(parse, _statusKeep, settings.StatusKeepMin)),
    };

    /// <summary>The option's value if it was given, else the configuration's, else the option's default.</summary>
    static T Given<T>(ParseResult parse, Option<T> option, T? configured)
        where T : struct =>
        parse.IsGiven(option) ? parse.GetValue(option) : configured ?? parse.GetValue(option);

    static Option<double> Number(string name, string description, string helpName, double value, Limits limits)
    {
        var option = Values.Number(name, value, limits);
        option.Description = description;
        option.HelpName = helpName;

        return option;
    }
}
