using System.CommandLine;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Logging;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The options of `collect`, and what they ask for.</summary>
sealed class CollectOptions
{
    readonly Option<string?> _db = SharedOptions.Db();
    readonly Option<string[]> _home = SharedOptions.Homes();

    readonly Option<double> _interval = Number("--interval-sec", "Seconds between two passes.", "seconds", 1, 0.01, 86_400);

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
        "--status-timeout-sec", "Seconds a quota reading may take before openclaw is killed.", "seconds", 90, 1, 3600);

    readonly Option<double> _statusKeep = Number(
        "--status-keep-min", "Minutes between two stored quota readings that are the same; changes are stored at once.", "minutes", 15, 0, 1440);

    readonly Option<string> _logFormat = new("--log-format")
    {
        Description = "Log lines as text for people, or as json, one object a line, for journald and its like.",
        DefaultValueFactory = _ => "text",
    };

    readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Log warnings and errors only." };

    readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Log every pass." };

    public CollectOptions()
    {
        _statusEvery.Validators.Add(result => result.RequireNumber("--status-every", 1, int.MaxValue));
        _agent.Validators.Add(result => result.RequireAgentIds("--agent"));
        _logFormat.AcceptOnlyFromAmong("text", "json");
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

    public CollectPlan ReadPlan(ParseResult parse) => new(
        parse.StorePath(_db),
        new Homes(parse.HomePaths(_home)),
        parse.GetValue(_noStatus) ? null : ReadStatusPlan(parse),
        parse.GetValue(_rescan),
        TimeSpan.FromSeconds(parse.GetValue(_interval)));

    public LogStyle ReadLogStyle(ParseResult parse) => new(
        AsJson: parse.GetValue(_logFormat) is "json",
        UseColour: !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "",
        parse.GetValue(_quiet) ? LogLevel.Warning : parse.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Info);

    StatusPlan ReadStatusPlan(ParseResult parse) => new()
    {
        OpenClawBin = DefaultPaths.OpenClawBin(parse.GetValue(_openClawBin)),
        Agents = parse.GetValue(_agent) ?? [],
        DefaultHome = DefaultPaths.Expand(DefaultPaths.DefaultHome()),
        TimeLimit = TimeSpan.FromSeconds(parse.GetValue(_statusTimeout)),
        EveryPasses = parse.GetValue(_statusEvery),
        KeepUnchanged = TimeSpan.FromMinutes(parse.GetValue(_statusKeep)),
    };

    static Option<double> Number(string name, string description, string helpName, double value, double least, double most)
    {
        var option = new Option<double>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => value };
        option.Validators.Add(result => result.RequireNumber(name, least, most));

        return option;
    }
}
