using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using TokenGovernance.Cli.Arguments;

namespace TokenGovernance.Cli;

/// <summary>The program's command line: all verbs.</summary>
static class CommandLine
{
    /// <summary>The verbs by name, in the order of the help text.</summary>
    static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("setup", SetupCommand.Create),
        ("init", InitCommand.Create),
        ("collect", CollectCommand.Create),
        ("export-csv", ExportCsvCommand.Create),
        ("export-parquet", ExportParquetCommand.Create),
        ("status", StatusCommand.Create),
        ("report", ReportCommand.Create),
        ("quota", QuotaCommand.Create),
        ("budget", BudgetCommand.Create),
        ("anomalies", AnomaliesCommand.Create),
        ("forecast", ForecastCommand.Create),
        ("serve", ServeCommand.Create),
        ("fleet", FleetCommand.Create),
        ("retention", RetentionCommand.Create),
        ("compact", CompactCommand.Create),
        ("forget", ForgetCommand.Create),
        ("metrics", MetricsCommand.Create),
        ("mcp", McpCommand.Create),
        ("doctor", DoctorCommand.Create),
        ("config", ConfigCommand.Create),
        ("schema", SchemaCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    /// <summary>All verbs.</summary>
    public static RootCommand Create() => Create(_ => true);

    /// <summary>Parses a command line. Of a right one that begins with its verb, only that verb is made: the program starts sooner.</summary>
    public static ParseResult Parse(string[] arguments)
    {
        if (arguments is [var first, ..] && (first == "--version" || Array.Exists(Verbs, verb => verb.Name == first)))
        {
            var parse = Create(name => name == first).Parse(arguments);
            if (parse.Errors.Count == 0)
            {
                return parse;
            }
        }

        // What is wrong is explained by all there is.
        return Create().Parse(arguments);
    }

    static RootCommand Create(Func<string, bool> isWanted)
    {
        var root = new RootCommand("Who spends your OpenClaw tokens, on what, and what it costs: a durable history of every model response.");
        foreach (var (name, create) in Verbs)
        {
            if (isWanted(name))
            {
                root.Subcommands.Add(create());
            }
        }

        root.SetAction(Welcome.Show);

        // Each verb has its own help option, with examples. A second one would also appear in completion.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(Examples.HelpOption());
        if (root.Directives.OfType<SuggestDirective>().SingleOrDefault() is { } suggest)
        {
            suggest.Action = new Suggestions(suggest);
        }

        root.Options.Add(ConfigurationArgument.Option());
        root.Options.Add(VerboseArgument.Option());

        // A flag takes no value: completion must offer options after it.
        foreach (var flag in Below(root).SelectMany(verb => verb.Options).Where(option => option.ValueType == typeof(bool)))
        {
            flag.Arity = ArgumentArity.Zero;
        }

        return root;
    }

    static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(verb => Below(verb).Prepend(verb));
}
