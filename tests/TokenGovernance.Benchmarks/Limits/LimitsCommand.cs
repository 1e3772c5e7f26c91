using System.CommandLine;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Limits;

/// <summary>`limits`: what many budgets cost, beside a report of the same store.</summary>
static class LimitsCommand
{
    public static Command Create()
    {
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built." };
        var events = new Option<int>("--events") { Description = "Responses in the store, of the last year.", DefaultValueFactory = _ => 1_000_000 };
        var budgets = new Option<int>("--budgets") { Description = "Budgets in the configuration.", DefaultValueFactory = _ => 1_000 };
        var runs = new Option<int>("--runs") { Description = "How often each process is run.", DefaultValueFactory = _ => 5 };
        var work = new Option<DirectoryInfo>("--work")
        {
            Description = "Folder for the store, half a GB at the reference size. A store that is there is used.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "token-governance-benchmarks", "limits")),
        };
        var command = new Command("limits", "Measure budget checks and the daemon's looks against a report of the same store.") { program, events, budgets, runs, work };
        command.SetAction(parse =>
        {
            var folder = parse.GetValue(work)!.FullName;
            Directory.CreateDirectory(folder);
            var scene = new LimitsScene(folder, parse.GetValue(events), parse.GetValue(budgets));
            scene.Make();
            new LimitsRun(scene, parse.GetValue(program)?.FullName ?? BuiltProgram.Build(Path.Combine(folder, "program")), parse.GetValue(runs)).Run(Console.Out);
        });

        return command;
    }
}
