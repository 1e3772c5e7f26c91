using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Retention;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`forget`: takes what names a person or a group out of the store, and keeps it out.</summary>
static class ForgetCommand
{
    public static Command Create()
    {
        var (db, json) = (SharedOptions.Db(), SharedOptions.Json());
        var key = new Option<string?>("--session-key") { Description = "Forget a session's key, such as agent:main:telegram:direct:4242, and those that begin with it.", HelpName = "key" }.NotEmpty();
        var peer = new Option<string?>("--peer") { Description = "Forget a person or a group in all keys, by the id that is in them, such as 4242, or by a key as reports show it, such as agent:main:telegram:direct:…#1f3a.", HelpName = "id" }.NotEmpty();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be forgotten." };
        var command = new Command("forget", "Take what names a person or a group out of the store, for good; tokens and costs stay.") { db, key, peer, dryRun, json };
        command.Validators.Add(result =>
        {
            if (result.IsGiven(key) == result.IsGiven(peer))
            {
                result.AddError("Whom? Give either --session-key or --peer.");
            }
        });
        command.SetAction(parse =>
        {
            var path = parse.StorePath(db);
            var (text, isPeer, isDry) = (parse.GetValue(key) ?? parse.GetValue(peer)!, parse.GetValue(peer) is not null, parse.GetValue(dryRun));

            // A store that is missing or older is neither made nor upgraded here.
            text = StoreReader.Read(path, reader => isPeer && MaskedKey.IsMeantBy(text) ? ShownKeys.FindPeer(reader, text) : text);
            using var store = UsageStore.Open(path);
            var found = store.Forget(text, isPeer, isDry);
            parse.InvocationConfiguration.Output.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(new ForgetReport(isDry, found.Sessions, found.Responses), ForgetReportJson.Default.ForgetReport)
                : $"{NumberFormat.Count(found.Sessions, "session")} with {NumberFormat.Count(found.Responses, "response")} {(isDry ? "would be" : "were")} found; tokens and costs stay{(isDry ? ". Nothing was changed." : ", and the id is not stored again.")}");
            if (!isDry)
            {
                parse.InvocationConfiguration.Error.WriteLine(
                    "Exports, archives, backups and a fleet's database that were made before may still name it; so may unused parts of the store's file, until 'token-governance compact' rewrites it.");
            }

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance forget --peer 4242 --dry-run", "token-governance forget --peer 4242", "token-governance forget --session-key agent:main:telegram:direct:4242 --json");
    }
}

/// <summary>The JSON of `forget --json`. Fields may be added, never renamed.</summary>
/// <param name="DryRun">Nothing was changed.</param>
/// <param name="Sessions">How many sessions had keys that named it.</param>
/// <param name="Responses">How many responses are of those.</param>
sealed record ForgetReport(bool DryRun, long Sessions, long Responses);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ForgetReport))]
sealed partial class ForgetReportJson : JsonSerializerContext;
