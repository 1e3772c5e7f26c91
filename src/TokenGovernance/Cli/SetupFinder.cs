using System.CommandLine;
using System.Runtime.CompilerServices;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Processes;
using TokenGovernance.Setup;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>Finds out what setting up needs to know: options first, then environment and configuration, then what this machine has.</summary>
sealed class SetupFinder(ParseResult parse, Option<string?> db, Option<string[]> home, Option<string?> openClawBin, Option<TimeZoneInfo?> zone)
{
    static string? SearchPath => Environment.GetEnvironmentVariable("PATH");

    public SetupFacts Find()
    {
        parse.AllowNoConfiguration();
        var settings = parse.Settings();
        var hasConfiguration = settings.Path is not null;
        var (configuration, isNamed) = ConfigurationPath();
        var (store, homes, openClaw) = (parse.StorePath(db), FindHomes(hasConfiguration), FindOpenClaw());
        var usualHome = Path.Combine(DefaultPaths.UserFolder, ".openclaw");
        var ownStore = DefaultPaths.Expand(settings.Db ?? DefaultPaths.OwnStore());
        IReadOnlyList<string> ownHomes = [.. (settings.OpenClawHomes ?? [usualHome]).Select(DefaultPaths.Expand)];

        return new SetupFacts
        {
            Program = FindProgram(),
            Homes = homes,
            OpenClaw = openClaw,
            TimeZone = ZoneName(parse.Zone(zone)),
            Store = store,
            Configuration = configuration,
            Options =
            [
                .. isNamed ? ["--config", configuration] : Array.Empty<string>(),
                .. hasConfiguration && store != ownStore ? ["--db", store] : Array.Empty<string>(),
            ],
            CollectOptions =
            [
                .. hasConfiguration && !homes.SequenceEqual(ownHomes) ? homes.SelectMany(path => new[] { "--openclaw-home", path }) : [],
                .. hasConfiguration && openClaw is not null && settings.OpenClawBin is null ? ["--openclaw-bin", openClaw] : Array.Empty<string>(),
            ],
            ProgramFolders =
            [
                .. new[] { openClaw, openClaw is null ? null : OpenClawBin.TryFind("node", SearchPath) }.OfType<string>().Select(path => Path.GetDirectoryName(path)!)
                    .Distinct().Except(["/usr/local/bin", "/usr/bin", "/bin"]),
            ],
            DotnetRoot = RuntimeFeature.IsDynamicCodeSupported && Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? root : null,
            UserFolder = DefaultPaths.UserFolder,
            ConfigurationFolder = FolderOf(Environment.SpecialFolder.ApplicationData),
            DataFolder = FolderOf(Environment.SpecialFolder.LocalApplicationData),
            HasLimits = settings.HasLimits,
            Archive = FindArchive(store),
            NeedsNetwork = settings.Serve is not null || settings.Fleet is not null,
        };
    }

    /// <summary>What `retention keep` has said, where there is a store that can be read.</summary>
    static string? FindArchive(string store)
    {
        try
        {
            return File.Exists(store) ? StoreReader.Read(store, reader => reader.ReadRetention().KeepArchive) : null;
        }
        catch (UserFacingException)
        {
            // An older store, or a broken one: collecting says so.
            return null;
        }
    }

    /// <summary>A service does not have the environment of this shell: it is told of a file that it would not find.</summary>
    (string Path, bool IsNamed) ConfigurationPath()
    {
        var (path, isNamed) = parse.ConfigurationPath();

        return (path ?? throw new UserFacingException("This user has no folder for configuration; name a file with --config."),
            isNamed || Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 });
    }

    /// <summary>Without a word from anybody: the home that OpenClaw would use, and those of its profiles.</summary>
    IReadOnlyList<string> FindHomes(bool hasConfiguration)
    {
        var homes = parse.HomePaths(home);
        if (parse.IsGiven(home) || hasConfiguration || DefaultPaths.IsHomeInEnvironment())
        {
            return homes;
        }

        var profiles = DefaultPaths.ProfileHomes();

        return profiles.Count > 0 && new OpenClawHome(homes[0]).FindObstacle() is not null ? profiles : [.. homes, .. profiles];
    }

    string? FindOpenClaw()
    {
        var named = parse.OpenClawPath(openClawBin);

        return OpenClawBin.TryFind(named, SearchPath)
            ?? (named is null ? null : throw new UsageException($"There is no program {named}. Name openclaw with --openclaw-bin, or leave it to be found on PATH."));
    }

    /// <summary>The program as the user starts it: an installed one is often a link, and an upgrade puts a new target behind it.</summary>
    static IReadOnlyList<string> FindProgram()
    {
        var running = Environment.ProcessPath ?? throw new UserFacingException("The path of this program is not known.");
        if (Path.GetFileNameWithoutExtension(running) is "dotnet")
        {
            return [running, Path.Combine(AppContext.BaseDirectory, "token-governance.dll")];
        }

        var found = OpenClawBin.TryFind("token-governance", SearchPath);

        return [found is not null && TargetOf(found) == TargetOf(running) ? found : running];
    }

    static string TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;
        }
    }

    static string? ZoneName(TimeZoneInfo zone) => TimeZones.Find(zone.Id) is null ? null : zone.Id;

    static string FolderOf(Environment.SpecialFolder folder) => Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
}
