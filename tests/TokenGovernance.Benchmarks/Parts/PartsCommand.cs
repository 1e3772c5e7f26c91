using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace TokenGovernance.Benchmarks.Parts;

/// <summary>`parts`: measures the inner parts of the hot path with BenchmarkDotNet.</summary>
static class PartsCommand
{
    public static Command Create()
    {
        var filter = new Option<string>("--filter") { Description = "Which, such as *Zstd*.", DefaultValueFactory = _ => "*" };
        var results = new Option<DirectoryInfo>("--results")
        {
            Description = "Folder for BenchmarkDotNet's reports.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "token-governance-benchmarks")),
        };
        var command = new Command("parts", "Measure the inner parts of the hot path.") { filter, results };
        command.SetAction(parse =>
        {
            // In this process: building another one for each part would take longer than measuring it.
            var config = DefaultConfig.Instance
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .WithArtifactsPath(parse.GetValue(results)!.FullName);
            BenchmarkSwitcher.FromAssembly(typeof(PartsCommand).Assembly).Run(["--filter", parse.GetValue(filter)!], config);
        });

        return command;
    }
}
