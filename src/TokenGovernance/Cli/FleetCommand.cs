using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Fleet;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`fleet`: the events of many machines in one PostgreSQL database.</summary>
static class FleetCommand
{
    public static Command Create() => new Command("fleet", "Keep the events of many machines in one PostgreSQL database, each once.")
    {
        Init(), FleetPushCommand.Create(), FleetStatusCommand.Create(), FleetPartitionsCommand.Create(),
    }.WithExamples("token-governance fleet init --url postgresql://tokens@db.example.org/tokens", "token-governance fleet push", "token-governance fleet status");

    /// <summary>Runs something of the fleet.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> run)
    {
        // System.CommandLine handles Ctrl+C only after the action has returned its task.
        await Task.Yield();

        return await run();
    }

    static Command Init()
    {
        var url = FleetArguments.Url();
        var partition = new Option<string?>("--partition")
        {
            Description = "Whether usage_events has a partition for each month. Default: month.",
            HelpName = "month|none",
        };
        partition.AcceptOnlyFromAmong("month", "none");
        var citus = new Option<bool>("--citus") { Description = "Also spread the tables over the nodes of Citus; without months." };
        var print = new Option<bool>("--print") { Description = "Only print the SQL, for a database administrator." };
        var command = new Command("init", "Make the tables in the fleet's database, or what of them is missing.") { url, partition, citus, print };
        command.Validators.Add(result =>
        {
            if (result.IsGiven(citus) && result.GetValue(partition) is "month")
            {
                result.AddError("--citus spreads by the event's key: it goes with --partition none.");
            }
        });
        command.SetAction((parse, stop) => RunAsync(async () =>
        {
            var withCitus = parse.GetValue(citus);
            var byMonth = withCitus ? false : parse.GetValue(partition) is { } text ? text is "month" : (bool?)null;
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(print))
            {
                output.Write(FleetSchema.Script(byMonth ?? true, withCitus).ReplaceLineEndings("\n") + "\n");

                return ExitCode.Ok;
            }

            await using var target = parse.OpenFleet(url);
            var (schema, partitions) = await FleetSetup.RunAsync(target, byMonth, withCitus, stop);
            output.WriteLine($"Ready: {target.Address} (schema {schema.Version}, {(schema.ByMonth ? $"{NumberFormat.Count(partitions, "new partition")}" : "no partitions")})");

            return ExitCode.Ok;
        }));

        return command.WithExamples(
            "token-governance fleet init --url postgresql://tokens@db.example.org/tokens", "token-governance fleet init --print", "token-governance fleet init --partition none --citus --print");
    }
}
