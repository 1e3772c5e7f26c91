using System.CommandLine;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Options that several verbs have in common.</summary>
static class SharedOptions
{
    public static Option<string?> Db() => new("--db")
    {
        Description = "The store. Default: $TOKEN_GOVERNANCE_DB, else token-governance/token_usage.db in the user's local data folder.",
        HelpName = "path",
    };

    public static Option<string[]> Homes() => new("--openclaw-home")
    {
        Description = "OpenClaw's state directory; may be given several times. Default: $OPENCLAW_STATE_DIR, else ~/.openclaw.",
        HelpName = "folder",
    };

    public static Option<string?> OpenClawBin() => new("--openclaw-bin")
    {
        Description = "The program to ask for quotas. Default: $TOKEN_GOVERNANCE_OPENCLAW_BIN, else openclaw on PATH.",
        HelpName = "path",
    };

    /// <summary>The homes that were named, else those of the configuration, else the default one; full paths.</summary>
    public static IReadOnlyList<string> HomePaths(this ParseResult parse, Option<string[]> home) =>
        parse.GetValue(home) is { Length: > 0 } paths ? [.. paths.Select(DefaultPaths.Expand)]
        : !DefaultPaths.IsHomeInEnvironment() && parse.Settings().OpenClawHomes is { Count: > 0 } configured ? [.. configured.Select(DefaultPaths.Expand)]
        : [DefaultPaths.DefaultHome()];

    /// <summary>The store that was named, else that of the configuration, else the default one; a full path.</summary>
    public static string StorePath(this ParseResult parse, Option<string?> db) => DefaultPaths.Expand(
        parse.GetValue(db) is { Length: > 0 } path ? path
        : DefaultPaths.StoreVariable() ?? parse.Settings().Db ?? DefaultPaths.DefaultStore());

    /// <summary>The program `openclaw` that was named, else that of the configuration, else NULL: it is looked for.</summary>
    public static string? OpenClawPath(this ParseResult parse, Option<string?> openClawBin) =>
        (parse.GetValue(openClawBin) is { Length: > 0 } named ? named : DefaultPaths.OpenClawVariable() ?? parse.Settings().OpenClawBin) is not { } path
            ? null
            : path.AsSpan().ContainsAny('/', '\\') ? DefaultPaths.Expand(path) : path;

    /// <summary>The time zone that was named, else that of the configuration, else the machine's.</summary>
    public static TimeZoneInfo Zone(this ParseResult parse, Option<TimeZoneInfo?> zone) =>
        parse.GetValue(zone) ?? parse.Settings().Zone ?? TimeZoneInfo.Local;

    /// <summary>Opens the store, which must be there; says on standard error if that upgraded a database of the original.</summary>
    public static UsageStore OpenStore(this ParseResult parse, Option<string?> db)
    {
        var store = UsageStore.OpenExisting(parse.StorePath(db));
        if (store.Adoption is { } adoption)
        {
            parse.InvocationConfiguration.Error.WriteLine(adoption);
        }

        return store;
    }
}
