using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Serving.Metrics;

namespace TokenGovernance.Cli;

/// <summary>`metrics`: what `/metrics` of `serve` says, once; for the textfile collector of node_exporter.</summary>
static class MetricsCommand
{
    /// <summary>Why a fleet has none.</summary>
    public const string OfMachines =
        "Metrics are counters that each machine keeps, and that never fall: they are not pushed. Let Prometheus ask the machines, and ask the fleet's database with 'report --json' or SQL.";

    public static Command Create()
    {
        var db = SharedOptions.Db();
        var command = new Command("metrics", "Print all metrics once, in Prometheus' text format.") { db };
        command.SetAction(parse =>
        {
            if (parse.OpenStore(db).HasNodes)
            {
                throw new UsageException(OfMachines);
            }

            parse.InvocationConfiguration.Output.Write(System.Text.Encoding.UTF8.GetString(Page(parse, parse.StorePath(db)).Write(isOpen: false)));

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance metrics", "token-governance metrics > token_governance.prom");
    }

    /// <summary>All metrics of a store, with the budgets of the configuration.</summary>
    public static MetricsPage Page(ParseResult parse, string storePath) =>
        new(storePath, ProgramVersion.Text, BudgetGauges.Of(parse.Settings(), storePath, BudgetPrices.Of(parse, parse.Settings(), parse.InvocationConfiguration.Error.WriteLine)), TimeProvider.System);
}
