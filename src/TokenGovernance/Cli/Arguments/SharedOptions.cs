using System.CommandLine;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Options that several verbs have in common.</summary>
static class SharedOptions
{
    public static Option<string?> Db() => new Option<string?>("--db")
    {
        Description = "The store. Default: $TOKEN_GOVERNANCE_DB, else token-governance/token_usage.db in your local data folder.",
        HelpName = "path",
    }.NotEmpty();

    public static Option<string[]> Homes() => new Option<string[]>("--openclaw-home")
    {
        Description = "OpenClaw's state directory; repeat it for several. Default: the one OpenClaw uses, such as $OPENCLAW_STATE_DIR or ~/.openclaw.",
        HelpName = "folder",
    }.NotEmpty();

    public static Option<string?> OpenClawBin() => new Option<string?>("--openclaw-bin")
    {
        Description = "The openclaw program, for quotas. Default: $TOKEN_GOVERNANCE_OPENCLAW_BIN, else openclaw on PATH.",
        HelpName = "path",
    }.NotEmpty();

    public static Option<bool> Json() => new("--json") { Description = "Print the result as one JSON object." };

    /// <summary>The homes that were named, else those of the configuration, else the default one; full paths.</summary>
    public static IReadOnlyList<string> HomePaths(this ParseResult parse, Option<string[]> home) =>
        parse.GetValue(home) is { Length: > 0 } paths ? [.. paths.Select(DefaultPaths.Expand)]
        : !DefaultPaths.IsHomeInEnvironment() && parse.Settings().OpenClawHomes is { Count: > 0 } configured ? [.. configured.Select(DefaultPaths.Expand)]
        : [DefaultPaths.DefaultHome()];

    /// <summary>The store that was named, else that of the configuration, else the default one; a full path.</summary>
    public static string StorePath(this ParseResult parse, Option<string?> db) => DefaultPaths.Expand(
        parse.GetValue(db) ?? DefaultPaths.StoreVariable() ?? parse.Settings().Db ?? DefaultPaths.DefaultStore());

    /// <summary>The program `openclaw` that was named, else that of the configuration, else NULL: it is looked for.</summary>
    public static string? OpenClawPath(this ParseResult parse, Option<string?> openClawBin) =>
        (parse.GetValue(openClawBin) ?? DefaultPaths.OpenClawVariable() ?? parse.Settings().OpenClawBin) is not { } path
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

    /// <summary>Says on standard error what to do if there is nothing in the store yet.</summary>
    public static void NoteIfEmpty(this ParseResult parse, UsageStore store)
    {
        if (!store.HasEvents())
        {
            parse.InvocationConfiguration.Error.WriteLine($"The store {store.Path} is empty. Run 'token-governance collect --once' to fill it.");
        }
    }
}
