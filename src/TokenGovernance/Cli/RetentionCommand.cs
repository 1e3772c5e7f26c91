using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`retention`: for how long single responses are kept; what they add up to stays.</summary>
static class RetentionCommand
{
    public static Command Create()
    {
        var (db, json) = (SharedOptions.Db(), SharedOptions.Json());
        var command = new Command("retention", "Remove old single responses from the store and keep their sums; show from when on they are kept.")
        {
            db, json, RetentionPlanCommand.Create(), RetentionApplyCommand.Create(), RetentionKeepCommand.Create(), ClearFloor(),
        };
        command.SetAction(parse =>
        {
            var report = RetentionReport.Of(StoreReader.Read(parse.StorePath(db), store => store.ReadRetention()));
            parse.InvocationConfiguration.Output.WriteLine(
                parse.GetValue(json) ? JsonSerializer.Serialize(report, RetentionReportJson.Default.RetentionReport) : TextOf(report));

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance retention", "token-governance retention plan --keep 13mo", "token-governance retention apply --keep 13mo --archive ./archive");
    }

    static Command ClearFloor()
    {
        var (db, yes) = (SharedOptions.Db(), RetentionArguments.Yes("Yes, give up the sums of what was removed."));
        var command = new Command("clear-floor", "Store responses of any time again, and give up the sums of those that were removed: a rescan brings back what OpenClaw still has.") { db, yes };
        command.SetAction(parse =>
        {
            using var store = PruningStore.Open(parse.StorePath(db), TimeProvider.System, RetentionArguments.Patience);
            var state = store.ReadState();
            var output = parse.InvocationConfiguration.Output;
            if (state.FloorMs is null)
            {
                output.WriteLine("Responses of any time are stored: there is no floor to clear.");

                return ExitCode.Ok;
            }

            if (state.PrunedEvents > 0 && !parse.GetValue(yes))
            {
                throw new UserFacingException(
                    $"The sums of {NumberFormat.Count(state.PrunedEvents, "removed response")} would be given up, because what a rescan brings back is added up again. What OpenClaw no longer has is gone from the totals then. If that is what you want, add --yes.");
            }

            store.ClearFloor();
            output.WriteLine("Responses of any time are stored again. Run 'token-governance collect --once --rescan' to bring back what OpenClaw still has.");

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance retention clear-floor --yes");
    }

    static string TextOf(RetentionReport report)
    {
        var floor = report.Floor is { } from
            ? $"Single responses are kept from {from[..10]} (UTC) on. Of before there are sums: {NumberFormat.Count(report.Removed, "response")} went."
            : "All single responses are kept.";

        return report.Keep is { } keep
            ? $"{floor}\nA daemon keeps them for {keep} and removes older ones once a day{(report.Archive is { } folder ? $", after it has written them to {PrintableText.Of(folder)}" : "")}."
            : $"{floor}\nNothing is removed by itself; 'token-governance retention plan --keep 13mo' shows what would go.";
    }
}

/// <summary>The JSON of `retention --json`. Fields may be added, never renamed.</summary>
/// <param name="Floor">From when on single responses are kept; NULL: all are.</param>
/// <param name="Removed">How many went.</param>
/// <param name="AppliedAt">When the last removal ended.</param>
/// <param name="Keep">For how long a daemon keeps single responses; NULL: it removes none.</param>
/// <param name="Archive">The folder that a daemon writes them to before; NULL: nowhere.</param>
sealed record RetentionReport(string? Floor, long Removed, string? AppliedAt, string? Keep, string? Archive)
{
    public static RetentionReport Of(RetentionState state) => new(
        state.FloorMs is { } floor ? UtcTime.Format(floor) : null, state.PrunedEvents, state.AppliedMs is { } applied ? UtcTime.Format(applied) : null,
        state.Keep, state.KeepArchive);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetentionReport))]
sealed partial class RetentionReportJson : JsonSerializerContext;
