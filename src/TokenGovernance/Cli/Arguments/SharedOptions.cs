using System.CommandLine;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Fleet.Reading;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Options that several verbs have in common.</summary>
static class SharedOptions
{
    /// <param name="orFleet">It may also be the database of a fleet.</param>
    public static Option<string?> Db(bool orFleet = false) => new Option<string?>("--db")
    {
        Description = $"The store{(orFleet ? ", or a fleet's database such as postgresql://user@host/name, without a password" : "")}. Default: $TOKEN_GOVERNANCE_DB, else token-governance/token_usage.db in your local data folder.",
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
    public static IReadOnlyList<string> HomePaths(this ParseResult parse, Option<string[]>? home = null) =>
        (home is null ? null : parse.GetValue(home)) is { Length: > 0 } paths ? [.. paths.Select(DefaultPaths.Expand)]
        : !DefaultPaths.IsHomeInEnvironment() && parse.Settings().OpenClawHomes is { Count: > 0 } configured ? [.. configured.Select(DefaultPaths.Expand)]
        : [DefaultPaths.DefaultHome()];

    /// <summary>The store that was named, else that of the configuration, else the default one; a full path.</summary>
    /// <exception cref="UsageException">It is no file.</exception>
    public static string StorePath(this ParseResult parse, Option<string?>? db = null)
    {
        var path = parse.StoreName(db);

        return !PostgresAddress.IsMeantBy(path) ? path
            : throw new UsageException(
                "The store is a file: this verb cannot read a PostgreSQL database. See docs/fleet.md for what can be asked of a fleet; 'token-governance fleet status' shows how it stands.");
    }

    /// <summary>The store that was named, else that of the configuration, else the default one: a file, or the database of a fleet.</summary>
    /// <exception cref="UsageException">It is no address of a database.</exception>
    public static IStore OpenStore(this ParseResult parse, Option<string?> db)
    {
        var name = parse.StoreName(db);

        return !PostgresAddress.IsMeantBy(name) ? new LocalStore(name)
            : PostgresAddress.TryParse(name, out var address, out var problem) ? new FleetStore(parse.FleetAt(address))
            : throw new UsageException($"--db {problem}.");
    }

    /// <summary>Refuses to ask one machine's store about nodes.</summary>
    /// <exception cref="UsageException">It was asked.</exception>
    public static void RequireNodes(this IStore store, params IEnumerable<Dimension> asked)
    {
        if (!store.HasNodes && asked.Contains(Dimension.Node))
        {
            throw new UsageException("The store of one machine has no nodes. Ask the database of a fleet about them, such as --db postgresql://user@host/name.");
        }
    }

    /// <summary>The store that was named, as <see cref="OpenStore" /> takes it: a full path, or the address of a database.</summary>
    public static string StoreName(this ParseResult parse, Option<string?>? db)
    {
        var name = (db is null ? null : parse.GetValue(db)) ?? DefaultPaths.StoreVariable() ?? parse.Settings().Db ?? DefaultPaths.DefaultStore();

        return PostgresAddress.IsMeantBy(name) ? name : DefaultPaths.Expand(name);
    }

    /// <summary>The program `openclaw` that was named, else that of the configuration, else NULL: it is looked for.</summary>
    public static string? OpenClawPath(this ParseResult parse, Option<string?>? openClawBin = null) => parse.OpenClawPath(parse.Settings(), openClawBin);

    /// <summary>As above, of a configuration that may have changed.</summary>
    public static string? OpenClawPath(this ParseResult parse, Settings settings, Option<string?>? openClawBin) =>
        ((openClawBin is null ? null : parse.GetValue(openClawBin)) ?? DefaultPaths.OpenClawVariable() ?? settings.OpenClawBin) is not { } path
            ? null
            : path.AsSpan().ContainsAny('/', '\\') ? DefaultPaths.Expand(path) : path;

    /// <summary>The time zone that was named, else that of the configuration, else the machine's.</summary>
    public static TimeZoneInfo Zone(this ParseResult parse, Option<TimeZoneInfo?> zone) =>
        parse.GetValue(zone) ?? parse.Settings().Zone ?? TimeZones.Local;

    /// <summary>Says on standard error that single responses of a time were removed, where they would be part of the result.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="store">The store.</param>
    /// <param name="range">What the result is of.</param>
    /// <param name="what">What is not in it.</param>
    public static void NoteRemoved(this ParseResult parse, IStore store, TimeRange range, string what)
    {
        if (store.Read(reader => reader.ReadRetention()) is { FloorMs: { } floor, PrunedEvents: > 0 } && !(range.FromMs >= floor))
        {
            parse.InvocationConfiguration.Error.WriteLine($"Single responses of before {UtcTime.FormatDay(floor)} (UTC) were removed by 'retention': {what}");
        }
    }

    /// <summary>Says on standard error what to do if there is nothing in the store yet.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="store">The store.</param>
    /// <param name="events">How many responses were found in it.</param>
    public static void NoteIfEmpty(this ParseResult parse, IStore store, long events)
    {
        if (events == 0 && !store.Read(reader => reader.HasEvents()))
        {
            parse.InvocationConfiguration.Error.WriteLine(store.HasNodes
                ? $"The fleet's database {store.Name} is empty. Run 'token-governance fleet push' on a node to fill it."
                : $"The store {store.Name} is empty. Run 'token-governance collect --once' to fill it.");
        }
    }
}
