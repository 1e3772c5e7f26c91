using System.CommandLine;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Fleet;
using TokenGovernance.Fleet.Passes;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Which database is the fleet's, and what this node is called: by an option, else by `[fleet]` of the configuration.</summary>
static class FleetArguments
{
    public static Option<string?> Url()
    {
        var option = new Option<string?>("--url")
        {
            Description = "The fleet's PostgreSQL database, such as postgresql://user@host/name. Default: url in [fleet] of the configuration. Never with a password.",
            HelpName = "url",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !PostgresAddress.TryParse(text, out _, out var problem))
            {
                result.AddError($"--url {problem}.");
            }
        });

        return option;
    }

    /// <summary>The database that was named.</summary>
    /// <exception cref="UsageException">None was.</exception>
    public static FleetTarget OpenFleet(this ParseResult parse, Option<string?> url)
    {
        var settings = parse.Settings().Fleet;
        var address = parse.GetValue(url) is { } text && PostgresAddress.TryParse(text, out var named, out _) ? named : settings?.Address;

        return address is null
            ? throw new UsageException("Which database? Name it with --url, or with url in [fleet] of the configuration, such as postgresql://user@host/name.")
            : parse.FleetAt(address);
    }

    /// <summary>A database with the password that `[fleet]` names.</summary>
    public static FleetTarget FleetAt(this ParseResult parse, PostgresAddress address) =>
        new(address, PasswordFileOf(parse.Settings().Fleet));

    /// <summary>What is pushed, and as whom.</summary>
    public static FleetPlan FleetPlan(this ParseResult parse, string version, string? takeOver = null) => PlanOf(parse.Settings().Fleet, version, takeOver);

    /// <summary>What a daemon pushes, as long as the configuration has `[fleet]`.</summary>
    public static FleetTask FleetTask(this ParseResult parse, string version, CollectLog log)
    {
        var (path, isNamed) = parse.ConfigurationPath();

        return new FleetTask(
            new SettingsWatch(path, isNamed, parse.Settings(), TimeProvider.System),
            fleet => new FleetTarget(fleet.Address!, PasswordFileOf(fleet)), fleet => PlanOf(fleet, version, takeOver: null), log, TimeProvider.System);
    }

    static FleetPlan PlanOf(FleetSettings? settings, string version, string? takeOver) =>
        new(settings?.Name ?? Environment.MachineName, settings?.AllColumns ?? false, version, takeOver);

    static string? PasswordFileOf(FleetSettings? settings) => settings?.PasswordFile is { } path ? DefaultPaths.Expand(path) : null;
}
