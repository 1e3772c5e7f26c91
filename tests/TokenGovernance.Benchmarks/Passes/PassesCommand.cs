using System.CommandLine;
using System.Globalization;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>`passes`: what one pass costs among many sessions, in this process.</summary>
static class PassesCommand
{
    public static Command Create()
    {
        var sessions = new Option<int[]>("--sessions")
        {
            Description = "Sizes of homes, in sessions.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1_000, 20_000, 100_000],
        };
        var kinds = new Option<string[]>("--kinds")
        {
            Description = "Kinds of homes: jsonl, index (JSONL with a sessions.json of 13 KB an entry that every response replaces), sqlite, rollouts (of Codex), claude (Claude Code's files).",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => ["jsonl", "index", "sqlite", "rollouts", "claude"],
        };
        var passes = new Option<int>("--passes") { Description = "Passes of each kind.", DefaultValueFactory = _ => 21 };
        var command = new Command("passes", "Measure what a pass costs among many sessions: nothing new, and one new response.") { sessions, kinds, passes };
        command.SetAction(parse =>
        {
            Console.WriteLine("| home | sessions | first pass, CPU s | idle pass, CPU ms | one new response, CPU ms |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            foreach (var kind in parse.GetValue(kinds)!)
            {
                foreach (var count in parse.GetValue(sessions)!)
                {
                    Console.WriteLine(Measure(kind, count, parse.GetValue(passes)));
                }
            }
        });

        return command;
    }

    static string Measure(string kind, int count, int passes)
    {
        var folder = Directory.CreateTempSubdirectory("token-governance-benchmarks-").FullName;
        try
        {
            using var home = ManySessions.Make(kind, Path.Combine(folder, "home"), count);
            home.Write();
            using var meter = new PassMeter(home, Path.Combine(folder, "usage.db"));
            var first = meter.CollectFirst();
            var idle = meter.MeasureIdle(passes);
            var response = meter.MeasureResponse(kind is "index" ? 5 : passes);

            return string.Create(CultureInfo.InvariantCulture, $"| {kind} | {count:N0} | {first / 1000:0.00} | {idle:0.00} | {response:0.00} |");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
