using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Retention;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`retention apply`: removes old single responses, beside a daemon too.</summary>
static class RetentionApplyCommand
{
    public static Command Create()
    {
        var (db, keep, json) = (SharedOptions.Db(), RetentionArguments.Keep(required: true), SharedOptions.Json());
        var keepSnapshots = RetentionArguments.KeepSnapshots();
        var archive = RetentionArguments.Archive();
        var yes = RetentionArguments.Yes("Yes, also more than half of all responses.");
        var command = new Command("apply", "Remove single responses that are older; their sums stay. Beside a daemon, too; what was interrupted goes on.") { db, keep, keepSnapshots, archive, yes, json };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            var fleet = await parse.FleetProgressAsync(stop);
            using var store = PruningStore.Open(parse.StorePath(db), TimeProvider.System, RetentionArguments.Patience);
            var plan = store.Read(reader => parse.ReadPlan(reader, keep, keepSnapshots, fleet));
            if (plan.IsMuch && !parse.GetValue(yes))
            {
                throw new UserFacingException(
                    $"{NumberFormat.Count(plan.Usage.Events)} of {NumberFormat.Count(plan.Stored, "response")} would go, more than half. Is the clock of this machine right ({UtcTime.Format(TimeProvider.System.GetUtcNow())})? If that is what you want, add --yes. Nothing was changed.");
            }

            var folder = parse.GetValue(archive) is { } path ? DefaultPaths.Expand(path) : null;
            var run = new RetentionRun(store, $"token-governance version {ProgramVersion.Text}", Pause, TimeProvider.System);
            try
            {
                WriteResult(parse, run.Apply(plan, folder, stop), plan, parse.GetValue(json));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                parse.InvocationConfiguration.Error.WriteLine("interrupted; run it again and it goes on from there");

                return ExitCode.Interrupted;
            }

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance retention apply --keep 13mo", "token-governance retention apply --keep 13mo --archive ./archive");
    }

    static void Pause(TimeSpan time, CancellationToken stop) => stop.WaitHandle.WaitOne(time);

    static void WriteResult(ParseResult parse, RetentionResult result, RetentionPlan plan, bool asJson)
    {
        var output = parse.InvocationConfiguration.Output;
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(RetentionApplyReport.Of(plan.Keep, result), RetentionApplyReportJson.Default.RetentionApplyReport));
        }
        else
        {
            if (result.Archive is { } folder)
            {
                output.WriteLine($"{NumberFormat.Count(result.Archived, "response")} archived in {NumberFormat.Count(result.Files.Count, "file")} in {folder}, and read back.");
            }

            output.WriteLine($"{NumberFormat.Count(result.Removed, "response")} removed; their sums stay. Single responses are kept from {UtcTime.FormatDay(result.FloorMs)} (UTC) on.");
            if (plan.Snapshots is { } snapshots)
            {
                output.WriteLine(
                    $"{NumberFormat.Count(result.RemovedSnapshots ?? 0, "quota reading")} of before {UtcTime.FormatDay(snapshots.BeforeMs)} (UTC) removed; the first, last and highest of each hour stay.");
            }
        }

        if (RetentionPlanCommand.FleetNote(plan) is { } note)
        {
            parse.InvocationConfiguration.Error.WriteLine(note);
        }
    }
}

/// <summary>The JSON of `retention apply --json`. Fields may be added, never renamed.</summary>
/// <param name="Keep">For how long single responses are kept.</param>
/// <param name="Floor">From when on.</param>
/// <param name="Removed">How many responses went.</param>
/// <param name="Archive">The folder they were written to before; NULL: nowhere, or that was done before.</param>
/// <param name="ArchiveFiles">The files in it.</param>
/// <param name="Archived">How many responses are in those.</param>
/// <param name="SnapshotsRemoved">How many quota readings went; NULL: none were to.</param>
sealed record RetentionApplyReport(string Keep, string Floor, long Removed, string? Archive, IReadOnlyList<string> ArchiveFiles, long Archived, long? SnapshotsRemoved)
{
    public static RetentionApplyReport Of(KeepTime keep, RetentionResult result) => new(
        keep.ToString(), UtcTime.Format(result.FloorMs), result.Removed, result.Archive, result.Files, result.Archived, result.RemovedSnapshots);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetentionApplyReport))]
sealed partial class RetentionApplyReportJson : JsonSerializerContext;
