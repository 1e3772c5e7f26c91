using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Daemon;
using TokenGovernance.Diagnostics;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`doctor`: checks what support would ask about, on one screen.</summary>
static class DoctorCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var home = SharedOptions.Homes();
        var openClawBin = SharedOptions.OpenClawBin();
        var quick = new Option<bool>("--quick") { Description = "Leave out what reads the whole store: the check for damage." };
        var json = SharedOptions.Json();
        var command = new Command("doctor", "Check store, homes, sources, openclaw and clock; exits with 1 if something needs attention.")
        {
            db, home, openClawBin, quick, json,
        };
        command.SetAction(async (parse, stop) =>
        {
            var storePath = parse.StorePath(db);
            var homes = parse.HomePaths(home);
            var store = new StoreExaminer(storePath, DaemonLock.IsTaken(storePath), TimeProvider.System)
            {
                IsQuick = parse.GetValue(quick),
                ReadsClaude = parse.ClaudeProjects() is not null,
                Tell = parse.InvocationConfiguration.Error.WriteLine,
            };
            var doctor = new Doctor(ProgramVersion.Text, store, homes, parse.OpenClawPath(openClawBin), TimeProvider.System)
            {
                ClaudeProjects = parse.ClaudeProjects(),
                OtherHomes = [.. DefaultPaths.ProfileHomes().Except(homes)],
            };

            return Report(await doctor.ExamineAsync(stop), parse.GetValue(json), parse.InvocationConfiguration.Output);
        });

        return command.WithExamples("token-governance doctor", "token-governance doctor --openclaw-home ~/.openclaw --json");
    }

    static int Report(IReadOnlyList<Finding> findings, bool asJson, TextWriter output)
    {
        var isWell = findings.All(finding => !finding.NeedsAttention);
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new DoctorReport(isWell, findings), DoctorJson.Default.DoctorReport));
        }
        else
        {
            Write(output, findings, isWell);
        }

        return isWell ? ExitCode.Ok : ExitCode.Failed;
    }

    static void Write(TextWriter output, IReadOnlyList<Finding> findings, bool isWell)
    {
        var width = findings.Max(finding => finding.Area.Length);
        foreach (var finding in findings)
        {
            var text = $"{finding.Subject}: {finding.Text}";
            output.WriteLine($"{MarkOf(finding)}  {finding.Area.PadRight(width)}  {PrintableText.Of(text)}");
        }

        output.WriteLine(isWell ? "Everything is fine." : "Items marked !! need attention.");
    }

    /// <summary>What is not there and need not be is neither well nor ill.</summary>
    static string MarkOf(Finding finding) => finding.NeedsAttention ? "!!" : finding.Subject is "not found" ? "--" : "ok";
}

/// <summary>The JSON of `doctor --json`. Fields may be added, never renamed.</summary>
sealed record DoctorReport(bool Ok, IReadOnlyList<Finding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DoctorReport))]
sealed partial class DoctorJson : JsonSerializerContext;
