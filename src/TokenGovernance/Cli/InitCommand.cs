using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`init`: creates or upgrades the store.</summary>
static class InitCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var json = SharedOptions.Json();
        var command = new Command("init", "Create the store, or upgrade an older one, and print its path.") { db, json };
        command.SetAction(parse => Run(parse.StorePath(db), parse.GetValue(json), parse.InvocationConfiguration));

        return command.WithExamples("token-governance init", "token-governance init --db ./data/token_usage.db");
    }

    static int Run(string path, bool asJson, InvocationConfiguration to)
    {
        var isNew = new FileInfo(path) is { Exists: false } or { Length: 0 };
        using var store = UsageStore.Initialise(path, ProgressLine.ForUpgrade(to.Error));
        if (store.Adoption is { } adoption)
        {
            (asJson ? to.Error : to.Output).WriteLine(adoption);
        }

        to.Output.WriteLine(asJson
            ? JsonSerializer.Serialize(new InitReport(store.Path, Schema.Latest, isNew), InitReportJson.Default.InitReport)
            : $"{(isNew ? "Created" : "Ready")}: {store.Path} (schema {Schema.Latest})");

        return ExitCode.Ok;
    }
}

/// <summary>The JSON of `init --json`. Fields may be added, never renamed.</summary>
sealed record InitReport(string Store, int Schema, bool Created);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InitReport))]
sealed partial class InitReportJson : JsonSerializerContext;
