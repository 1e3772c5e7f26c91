using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`compact`: gives back the space in the store's file that nothing uses.</summary>
static class CompactCommand
{
    public static Command Create()
    {
        var (db, json) = (SharedOptions.Db(), SharedOptions.Json());
        var command = new Command("compact", "Make the store's file as small as what is in it; not while a daemon runs.") { db, json };
        command.SetAction(parse =>
        {
            var path = parse.StorePath(db);
            StoreFile.RequireStore(path);
            if (DaemonLock.IsTaken(path))
            {
                throw new UserFacingException($"A daemon collects into {path}. Stop it first: it would have to wait for minutes. Nothing was changed.");
            }

            using var daemonLock = DaemonLock.Take(path);
            using var store = PruningStore.Open(path, TimeProvider.System, RetentionArguments.Patience);
            var (before, after, isRewritten) = store.Compact();
            parse.InvocationConfiguration.Output.WriteLine(parse.GetValue(json)
                ? JsonSerializer.Serialize(new CompactReport(path, before, after), CompactReportJson.Default.CompactReport)
                : isRewritten
                    ? $"{path}: {NumberFormat.Bytes(before)} before, {NumberFormat.Bytes(after)} now."
                    : $"{path}: {NumberFormat.Bytes(after)}, hardly anything of it free: it was left as it is.");

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance compact", "token-governance compact --json");
    }
}

/// <summary>The JSON of `compact --json`. Fields may be added, never renamed.</summary>
sealed record CompactReport(string Store, long BytesBefore, long BytesAfter);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CompactReport))]
sealed partial class CompactReportJson : JsonSerializerContext;
