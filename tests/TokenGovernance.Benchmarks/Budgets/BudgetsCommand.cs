using System.CommandLine;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Benchmarks.Curves;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>`budgets`: measures whole processes and prints a table.</summary>
static class BudgetsCommand
{
    public static Command Create()
    {
        var size = new CorpusSize.Options();
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built, twice." };
        var runs = new Option<int>("--runs") { Description = "How often each process is run.", DefaultValueFactory = _ => 5 };
        var years = new Option<int>("--years") { Description = "Years of history in the old store.", DefaultValueFactory = _ => 10 };
        var work = new Option<DirectoryInfo>("--work")
        {
            Description = "Folder for corpora and stores, 4 GB at the reference size; it is emptied afterwards.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "token-governance-benchmarks")),
        };
        var curves = CurvesCommand.Sizes("quick");
        var command = new Command("budgets", "Measure whole processes against their budgets, beside cat and grep of the same files.")
        {
            program, runs, years, work, curves,
        };
        size.AddTo(command);
        command.SetAction(parse =>
        {
            var folder = Path.Combine(parse.GetValue(work)!.FullName, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Directory.CreateDirectory(folder);
            try
            {
                List<(string Form, string Program)> forms = [];
                if (parse.GetValue(program) is { } given)
                {
                    forms.Add(("", given.FullName));
                }
                else
                {
                    // First the special one: it leaves the project's intermediate files as the plain one wants them.
                    var ahead = BuiltProgram.PublishReadyToRun(Path.Combine(folder, "ready"));
                    forms.Add(("", BuiltProgram.Build(Path.Combine(folder, "plain"))));
                    if (ahead is not null)
                    {
                        forms.Add((", ReadyToRun", ahead));
                    }
                }

                new BudgetRun(folder, forms, size.Read(parse), parse.GetValue(runs), parse.GetValue(years)).Run(Console.Out);
                Console.WriteLine();

                return CurvesCommand.Run(Console.Out, Path.Combine(folder, "curves"), forms[0].Program, parse.GetValue(curves)!, parse.GetValue(runs), docs: null);
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        return command;
    }
}
