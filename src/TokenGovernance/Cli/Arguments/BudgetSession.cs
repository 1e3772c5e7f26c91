using System.CommandLine;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli.Arguments;

/// <summary>What the verbs about budgets need: the store, the limits of the configuration, and where messages go.</summary>
sealed class BudgetSession : IDisposable
{
    /// <exception cref="UsageException">The configuration has no limits.</exception>
    public BudgetSession(ParseResult parse, Option<string?> db)
    {
        var settings = parse.Settings();
        if (!settings.HasLimits)
        {
            throw new UsageException(
                $"There are no budgets: {settings.Path ?? parse.ConfigurationPath().Path ?? "the configuration file"} {(settings.Path is null ? "is not there" : "has none")}."
                + " See 'token-governance config example' and 'token-governance budget suggest'.");
        }

        foreach (var warning in settings.Warnings)
        {
            parse.InvocationConfiguration.Error.WriteLine(warning);
        }

        Settings = settings;
        Store = parse.OpenStore(db);
        Destinations = DestinationsOf(parse);
        Watch = new BudgetWatch(settings, Zone, Store, TimeProvider.System, BudgetPrices.Of(parse, settings, parse.InvocationConfiguration.Error.WriteLine));
    }

    public Settings Settings { get; }

    public IStore Store { get; }

    /// <summary>Whose days.</summary>
    public TimeZoneInfo Zone => Settings.Zone ?? TimeZones.Local;

    public Destinations Destinations { get; }

    public BudgetWatch Watch { get; }

    public static Destinations DestinationsOf(ParseResult parse) => new(parse.Settings(), OpenClawPathOf(parse), TimeProvider.System);

    /// <summary>The program, as the environment or the configuration names it; these verbs have no option for it.</summary>
    public static string? OpenClawPathOf(ParseResult parse) => parse.OpenClawPath();

    public void Dispose() => Destinations.Dispose();
}
