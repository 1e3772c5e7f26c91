using System.CommandLine;
using TokenGovernance.Daemon;
using TokenGovernance.Fleet;
using TokenGovernance.Retention;
using TokenGovernance.Retention.Passes;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli.Arguments;

/// <summary>What the verbs below `retention` have in common.</summary>
static class RetentionArguments
{
    /// <summary>How long to wait for another writer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Option<string?> Keep()
    {
        var keep = new Option<string?>("--keep")
        {
            Description = $"For how long single responses are kept: {KeepTime.Forms}, {KeepTime.LeastDays} days at least.",
            HelpName = "time",
            Required = true,
        };
        keep.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && KeepTime.Parse(text) is null)
            {
                result.AddError(Values.Wrong("--keep", KeepTime.Forms, text, []));
            }
        });

        return keep;
    }

    public static Option<string?> Archive() => new Option<string?>("--archive")
    {
        Description = "Folder to write them to as Parquet files, all columns, before they go; created if missing. They are read back first.",
        HelpName = "folder",
    }.NotEmpty();

    public static Option<bool> Yes(string description) => new("--yes") { Description = description };

    /// <summary>What would go.</summary>
    public static RetentionPlan ReadPlan(this ParseResult parse, StoreReader store, Option<string?> keep, FleetProgress? fleet) =>
        RetentionPlan.Read(store, KeepTime.Parse(parse.GetValue(keep)!)!.Value, TimeProvider.System.GetUtcNow(), fleet);

    /// <summary>How far the fleet of the configuration is; NULL: there is none.</summary>
    /// <exception cref="FleetUnreachableException">It cannot be asked, so nothing may go.</exception>
    public static async Task<FleetProgress?> FleetProgressAsync(this ParseResult parse, CancellationToken stop)
    {
        return parse.FleetQuestion() is { } ask ? await ask(stop) : null;
    }

    /// <summary>What a daemon removes, if the store says that it is to remove something.</summary>
    public static RetentionTask RetentionTask(this ParseResult parse, string createdBy, CollectLog log) => new(parse.FleetQuestion(), createdBy, log, TimeProvider.System);

    static Func<CancellationToken, Task<FleetProgress>>? FleetQuestion(this ParseResult parse)
    {
        if (parse.Settings().Fleet is not { Address: { } address } settings)
        {
            return null;
        }

        var (password, name) = (settings.PasswordFile is { } path ? DefaultPaths.Expand(path) : null, parse.FleetPlan(version: "").Name);

        return async stop =>
        {
            await using var target = new FleetTarget(address, password);

            return new FleetProgress(await target.DoAsync(connection => FleetPosition.ReadAsync(connection, name, stop), stop));
        };
    }
}
