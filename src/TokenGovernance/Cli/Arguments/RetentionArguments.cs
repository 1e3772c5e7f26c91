using System.CommandLine;
using TokenGovernance.Fleet;
using TokenGovernance.Retention;
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

    public static Option<bool> Yes(string description) => new("--yes") { Description = description };

    /// <summary>What would go.</summary>
    public static RetentionPlan ReadPlan(this ParseResult parse, StoreReader store, Option<string?> keep, FleetProgress? fleet) =>
        RetentionPlan.Read(store, KeepTime.Parse(parse.GetValue(keep)!)!.Value, TimeProvider.System.GetUtcNow(), fleet);

    /// <summary>How far the fleet of the configuration is; NULL: there is none.</summary>
    /// <exception cref="FleetUnreachableException">It cannot be asked, so nothing may go.</exception>
    public static async Task<FleetProgress?> FleetProgressAsync(this ParseResult parse, CancellationToken stop)
    {
        if (parse.Settings().Fleet is not { Address: { } address } settings)
        {
            return null;
        }

        await using var target = new FleetTarget(address, settings.PasswordFile is { } path ? DefaultPaths.Expand(path) : null);
        var name = parse.FleetPlan(version: "").Name;

        return new FleetProgress(await target.DoAsync(connection => FleetPosition.ReadAsync(connection, name, stop), stop));
    }
}
