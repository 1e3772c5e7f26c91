using System.CommandLine;
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

    readonly Option<bool> _once = new("--once") { Description = "Collect what is there and end, as cron wants it." };

    readonly Option<bool> _rescan = new("--rescan")
    {
        Description = "Read everything again, for instance after an upgrade improved a rule; counts nothing twice.",
    };

    readonly Option<bool> _json = new("--json") { Description = "With --once: print the result as one JSON object." };

    readonly Option<int> _statusEvery = new("--status-every")
    {
        Description = "Passes between two quota readings; after a slow one the pause is longer.",
        HelpName = "passes",
        DefaultValueFactory = _ => 30,
    };

    readonly Option<bool> _noStatus = new("--no-status") { Description = "Take no quota snapshots; openclaw is not run." };

    readonly Option<string?> _openClawBin = SharedOptions.OpenClawBin();

    readonly Option<string[]> _agent = new("--agent")
    {
        Description = "Agent to ask for quotas, where there is no default one; may be given several times, one reading each.",
        HelpName = "id",
    };

    readonly Option<double> _statusTimeout = Number(
        "--status-timeout-sec", "Seconds a quota reading may take before openclaw is killed.", "seconds", 90, CollectSettings.StatusTimeoutSecLimits);

    readonly Option<double> _statusKeep = Number(
        "--status-keep-min", "Minutes between two stored quota readings that are the same; changes are stored at once.", "minutes", 15, CollectSettings.StatusKeepMinLimits);

    readonly Option<string> _logFormat = new("--log-format")
    {
        Description = "Log lines as text for people, or as json, one object a line, for journald and its like.",
        DefaultValueFactory = _ => "text",
    };

    readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Log warnings and errors only." };

    readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Log every pass." };

    public CollectOptions()
    {
        _statusEvery.Validators.Add(result => result.RequireNumber("--status-every", CollectSettings.StatusEveryLimits));
        _agent.Validators.Add(result => result.RequireAgentIds("--agent"));
        _logFormat.AcceptOnlyFromAmong(CollectSettings.LogFormats);
    }

    /// <summary>Adds the options, and the rules between them, to the verb.</summary>
    public void AddTo(Command command)
    {
        Option[] all =
        [
            _db, _home, _interval, _once, _json, _rescan, _statusEvery, _noStatus, _openClawBin, _agent, _statusTimeout, _statusKeep,
            _logFormat, _quiet, _verbose,
        ];
        Array.ForEach(all, command.Options.Add);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_json) is { Implicit: false } && result.GetResult(_once) is null or { Implicit: true })
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
            new Homes(parse.HomePaths(_home)),
            parse.GetValue(_noStatus) || settings.NoStatus ? null : ReadStatusPlan(parse, settings),
            parse.GetValue(_rescan),
            TimeSpan.FromSeconds(Given(parse, _interval, settings.IntervalSec)));
    }

    public LogStyle ReadLogStyle(ParseResult parse)
    {
        var settings = parse.Settings().Collect;
        var (isQuiet, isVerbose) = parse.GetValue(_quiet) || parse.GetValue(_verbose)
            ? (parse.GetValue(_quiet), parse.GetValue(_verbose))
            : (settings.Quiet, settings.Verbose);

        return new LogStyle(
            AsJson: ((IsGiven(parse, _logFormat) ? null : settings.LogFormat) ?? parse.GetValue(_logFormat)) is "json",
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
        IsGiven(parse, option) ? parse.GetValue(option) : configured ?? parse.GetValue(option);

    static bool IsGiven(ParseResult parse, Option option) => parse.GetResult(option) is { Implicit: false };

    static Option<double> Number(string name, string description, string helpName, double value, Limits limits)
    {
        var option = new Option<double>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
        option.Validators.Add(result => result.RequireNumber(name, limits));

        return option;
    }
}
