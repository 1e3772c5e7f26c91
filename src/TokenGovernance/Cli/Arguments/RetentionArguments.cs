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

    /// <param name="required">False: the policy of the store is taken, or <see cref="KeepTime.Usual" />.</param>
    public static Option<string?> Keep(bool required) => Time(
        "--keep",
        $"For how long single responses are kept: {KeepTime.Forms}, {KeepTime.LeastDays} days at least.{(required ? "" : $" Without it: as 'retention keep' says, else {KeepTime.Usual}.")}",
        required);

    public static Option<string?> KeepSnapshots() => Time(
        "--keep-snapshots",
        $"For how long all quota readings are kept, {KeepTime.LeastDays} days at least; of older ones the first, last and highest of each hour stay. Without it all stay.",
        required: false);

    static Option<string?> Time(string name, string description, bool required)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "time", Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && KeepTime.Parse(text) is null)
            {
                result.AddError(Values.Wrong(name, KeepTime.Forms, text, []));
            }
        });

        return option;
    }

    public static Option<string?> Archive() => new Option<string?>("--archive")
    {
        Description = "Folder to write them to as Parquet files, all columns, before they go; created if missing. They are read back first.",
        HelpName = "folder",
    }.NotEmpty();

    public static Option<bool> Yes(string description) => new("--yes") { Description = description };

    /// <summary>What would go.</summary>
    public static RetentionPlan ReadPlan(this ParseResult parse, StoreReader store, Option<string?> keep, Option<string?> keepSnapshots, FleetProgress? fleet)
    {
        var now = TimeProvider.System.GetUtcNow();
        var time = (parse.GetValue(keep) ?? store.ReadRetention().Keep) is { } text && KeepTime.Parse(text) is { } known ? known : KeepTime.Usual;

        return RetentionPlan.Read(store, time, now, fleet) with
        {
            Snapshots = parse.GetValue(keepSnapshots) is { } wanted ? SnapshotPlan.Read(store, KeepTime.Parse(wanted)!.Value, now, fleet) : null,
        };
    }

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

            var (token, snapshotId) = await target.DoAsync(connection => FleetPosition.ReadAsync(connection, name, stop), stop);

            return new FleetProgress(token, snapshotId);
        };
    }
}
