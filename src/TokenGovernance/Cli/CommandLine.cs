using System.CommandLine;
using System.CommandLine.Help;
using TokenGovernance.Cli.Arguments;

namespace TokenGovernance.Cli;

/// <summary>The program's command line: all verbs.</summary>
static class CommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Who spends your OpenClaw tokens, on what, and what it costs: a durable history of every model response.")
        {
            InitCommand.Create(),
            CollectCommand.Create(),
            ExportCsvCommand.Create(),
            StatusCommand.Create(),
            ReportCommand.Create(),
            QuotaCommand.Create(),
            BudgetCommand.Create(),
            AnomaliesCommand.Create(),
            ForecastCommand.Create(),
            ServeCommand.Create(),
            FleetCommand.Create(),
            MetricsCommand.Create(),
            McpCommand.Create(),
            DoctorCommand.Create(),
            ConfigCommand.Create(),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
        };

        // Each verb has its own help option, with examples. A second one would also appear in completion.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Add(Examples.HelpOption());
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
