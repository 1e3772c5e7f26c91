using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Retention;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`retention keep`: for how long a daemon keeps single responses.</summary>
static class RetentionKeepCommand
{
    const string Forever = "forever";

    public static Command Create()
    {
        var db = SharedOptions.Db();
        var time = new Argument<string>("time") { Description = $"For how long: {KeepTime.Forms}, {KeepTime.LeastDays} days at least; or {Forever}." };
        time.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && text != Forever && KeepTime.Parse(text) is null)
            {
                result.AddError(Values.Wrong("keep", $"{KeepTime.Forms}, or {Forever}", text, [Forever]));
            }
        });
        time.CompletionSources.Add(Forever, "13mo", "2y");
        var archive = RetentionArguments.Archive();
        var command = new Command("keep", "Let the daemon remove older single responses once a day, at night; their sums stay.") { time, db, archive };
        command.SetAction(parse =>
        {
            var text = parse.GetRequiredValue(time);
            KeepTime? keep = text == Forever ? null : KeepTime.Parse(text);
            keep?.RequireLong(TimeProvider.System.GetUtcNow());
            using var store = PruningStore.Open(parse.StorePath(db), TimeProvider.System, RetentionArguments.Patience);
            var archivePath = keep is not null && parse.GetValue(archive) is { } folder ? DefaultPaths.Expand(folder) : null;
            store.SetPolicy(keep?.ToString(), archivePath);
            parse.InvocationConfiguration.Output.WriteLine(keep is null
                ? "A daemon removes no responses."
                : $"A daemon keeps single responses for {keep} and removes older ones once a day; their sums stay. 'token-governance retention plan --keep {keep}' shows what would go now.");

            if (archivePath is not null && OperatingSystem.IsLinux() && !IsWithin(archivePath, Path.GetDirectoryName(store.Path)!))
            {
                parse.InvocationConfiguration.Error.WriteLine(
                    $"note: a daemon that systemd runs may write to the folder of its store only. Make the folder {archivePath}, then run 'token-governance setup' again, or add it to ReadWritePaths= of the unit.");
            }

            return ExitCode.Ok;
        });

        static bool IsWithin(string path, string folder) => (path + Path.DirectorySeparatorChar).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

        return command.WithExamples("token-governance retention keep 13mo", "token-governance retention keep 2y --archive ./archive", "token-governance retention keep forever");
    }
}
