using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`init`: makes or upgrades the store.</summary>
static class InitCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var command = new Command("init", "Create the store, or upgrade an older one, and say where it is.") { db };
        command.SetAction(parse => Run(parse.StorePath(db), parse.InvocationConfiguration.Output));

        return command.WithExamples("token-governance init", "token-governance init --db ./data/token_usage.db");
    }

    static int Run(string path, TextWriter output)
    {
        var isNew = new FileInfo(path) is { Exists: false } or { Length: 0 };
        using var store = UsageStore.Initialise(path);
        if (store.Adoption is { } adoption)
        {
            output.WriteLine(adoption);
        }

        output.WriteLine($"{(isNew ? "Created" : "Ready")}: {store.Path} (schema {Schema.Latest})");

        return ExitCode.Ok;
    }
}
