using System.CommandLine;
using TokenGovernance.Benchmarks.Processes;
using TokenGovernance.Configuration;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>`fleet`: what pushing a store to PostgreSQL costs, beside writing it as CSV, and what pushing one response costs.</summary>
static class FleetCommand
{
    public static Command Create()
    {
        var store = new Argument<FileInfo>("store") { Description = "A store, such as `aged` makes. Responses are added to a copy of it." };
        var url = new Option<string>("--url") { Description = "A database for this alone: the fleet's tables in it are dropped and made anew.", Required = true, HelpName = "postgresql://…" };
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built." };
        var runs = new Option<int>("--runs") { Description = "How often the whole store is pushed.", DefaultValueFactory = _ => 3 };
        var pushes = new Option<int>("--pushes") { Description = "How many responses are pushed one by one.", DefaultValueFactory = _ => 300 };
        var command = new Command("fleet", "Measure pushing to a fleet's database.") { store, url, program, runs, pushes };
        command.SetAction(async (parse, stop) =>
        {
            var folder = Directory.CreateTempSubdirectory("token-governance-benchmarks-").FullName;
            try
            {
                var text = parse.GetRequiredValue(url);
                var address = PostgresAddress.TryParse(text, out var known, out var problem) ? known : throw new ArgumentException($"--url {problem}");
                var path = parse.GetRequiredValue(store).FullName;
                var file = parse.GetValue(program)?.FullName ?? BuiltProgram.Build(Path.Combine(folder, "program"));
                await new WholeStoreCosts(file, path, text, address, folder).WriteAsync(parse.GetValue(runs), Console.Out, stop);
                await new SinglePushCosts(file, path, text, address, folder).WriteAsync(parse.GetValue(pushes), Console.Out, stop);
                await new BatchCosts(path, address, folder).WriteAsync(Console.Out, stop);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        return command;
    }
}
