using System.CommandLine;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Large;

/// <summary>`large`: reports of a large store against their limits, one response into it, and what the change feed costs a first collection.</summary>
static class LargeCommand
{
    public static Command Create()
    {
        var store = new Argument<FileInfo>("store") { Description = "A large store, such as `aged` makes. Responses are added to a copy of it." };
        var home = new Option<DirectoryInfo>("--home") { Description = "A home, such as `corpus` makes: also measure what the change feed costs its first collection." };
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built." };
        var runs = new Option<int>("--runs") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
        var command = new Command("large", "Measure reports of a large store, one response into it, and the change feed.") { store, home, program, runs };
        command.SetAction(parse =>
        {
            var folder = Directory.CreateTempSubdirectory("token-governance-benchmarks-").FullName;
            try
            {
                var path = parse.GetRequiredValue(store).FullName;
                var count = parse.GetValue(runs);
                new ReportCosts(parse.GetValue(program)?.FullName ?? BuiltProgram.Build(Path.Combine(folder, "program")), path, count).Write(Console.Out);
                new ResponseCosts(path, folder, count).Write(Console.Out);
                if (parse.GetValue(home) is { } corpus)
                {
                    new FeedCosts(corpus.FullName, folder, count).Write(Console.Out);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        return command;
    }
}
