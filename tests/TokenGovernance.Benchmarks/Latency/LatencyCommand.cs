using System.CommandLine;
using System.Globalization;
using TokenGovernance.Benchmarks.Passes;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Latency;

/// <summary>`latency`: how long it takes from the end of OpenClaw's write until a response is in the store.</summary>
static class LatencyCommand
{
    public static Command Create()
    {
        var program = new Option<FileInfo>("--program") { Description = "A built token-governance; else it is built." };
        var sessions = new Option<int>("--sessions") { Description = "Sessions in the home.", DefaultValueFactory = _ => 1_000 };
        var kinds = new Option<string[]>("--kinds")
        {
            Description = "Kinds of homes, as of 'passes'; sqlite-full is a database that is flushed to the disk at each commit.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["jsonl", "index", "sqlite", "sqlite-full"],
        };
        var responses = new Option<int>("--responses") { Description = "How many responses are written.", DefaultValueFactory = _ => 60 };
        var command = new Command("latency", "Measure how long it takes until a response that was written is in the store, beside a running daemon.")
        {
            program, sessions, kinds, responses,
        };
        command.SetAction(parse =>
        {
            var folder = Directory.CreateTempSubdirectory("token-governance-benchmarks-").FullName;
            try
            {
                var built = parse.GetValue(program)?.FullName ?? BuiltProgram.Build(Path.Combine(folder, "program"));
                Console.WriteLine("| home | sessions | responses | median ms | 90 of 100 | longest ms | daemon's CPU a response, ms |");
                Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
                foreach (var kind in parse.GetValue(kinds)!)
                {
                    Console.WriteLine(Measure(kind, built, Path.Combine(folder, kind), parse.GetValue(sessions), parse.GetValue(responses)));
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });

        return command;
    }

    static string Measure(string kind, string program, string folder, int sessions, int responses)
    {
        using var home = ManySessions.Make(kind, Path.Combine(folder, "home"), sessions);
        home.Write();
        var (times, cpu) = new LatencyMeter(home, program, Path.Combine(folder, "usage.db")).Run(responses);
        times.Sort();

        return string.Create(CultureInfo.InvariantCulture, $"| {kind} | {sessions:N0} | {responses} | {times[responses / 2]:0} | {times[responses * 9 / 10]:0} | {times[^1]:0} | {cpu:0.0} |");
    }
}
