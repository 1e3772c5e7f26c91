using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`fleet push`: what is new in the store, into the fleet's database.</summary>
static class FleetPushCommand
{
    public static Command Create()
    {
        var (db, url, json) = (SharedOptions.Db(), FleetArguments.Url(), SharedOptions.Json());
        var takeOver = new Option<string?>("--take-over")
        {
            Description = "Take the place of a node whose store is gone for good, or that was renamed; once.",
            HelpName = "node",
        }.NotEmpty();
        var command = new Command("push", "Push what is new in the store to the fleet's database; exit 3 if it cannot be reached: nothing is lost.") { db, url, takeOver, json };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            var storePath = parse.StorePath(db);
            StoreReader.Read(storePath, store => store.HasEvents());
            await using var target = parse.OpenFleet(url);
            var plan = parse.FleetPlan(ProgramVersion.Text, parse.GetValue(takeOver));
            var result = await target.DoAsync(connection => new FleetPush(plan, read => StoreReader.Read(storePath, read)).RunAsync(connection, stop), stop);
            foreach (var note in result.Notes)
            {
                parse.InvocationConfiguration.Error.WriteLine($"note: {PrintableText.Of(note)}");
            }

            parse.InvocationConfiguration.Output.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(PushReport.Of(plan.Name, result), PushReportJson.Default.PushReport)
                : $"{plan.Name} → {target.Address}: {PushText.Of(result)}.");

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance fleet push", "token-governance fleet push --json", "token-governance fleet push --take-over gateway-7");
    }
}

/// <summary>The JSON of `fleet push --json`. Fields may be added, never renamed.</summary>
/// <param name="Told">Changes of the store that were told.</param>
/// <param name="Added">Responses that the fleet did not have.</param>
/// <param name="Changed">Rows that are other than before.</param>
/// <param name="Shared">Rows of further nodes that are new or other than before: counted once.</param>
/// <param name="PassedOver">Responses of months that were detached.</param>
sealed record PushReport(
    string Node, long Told, long Added, long Changed, long Shared, long Removed, long SetAside, long PassedOver, long QuotaReadings, IReadOnlyList<string> Notes)
{
    public static PushReport Of(string node, PushResult result) => new(
        node, result.Told, result.Added, result.Changed, result.Shared, result.Removed, result.SetAside, result.PassedOver, result.Snapshots, result.Notes);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PushReport))]
sealed partial class PushReportJson : JsonSerializerContext;
