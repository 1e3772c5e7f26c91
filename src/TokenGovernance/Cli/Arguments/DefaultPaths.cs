using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Where things are unless the user says otherwise.</summary>
static class DefaultPaths
{
    const string HomeFolder = ".openclaw";

    static readonly string[] LegacyHomeFolders = [".clawdbot", ".moltbot"];

    public static string? StoreVariable() => Variable("TOKEN_GOVERNANCE_DB");

    public static string? OpenClawVariable() => Variable("TOKEN_GOVERNANCE_OPENCLAW_BIN");

    public static string? ConfigurationVariable() => Variable("TOKEN_GOVERNANCE_CONFIG");

    /// <summary>True if the environment says which home OpenClaw uses.</summary>
    public static bool IsHomeInEnvironment() => (StateVariable() ?? Variable(OpenClawUser.HomeVariable)) is not null;

    /// <summary>The store: `$TOKEN_GOVERNANCE_DB`, else a file in the user's local application data.</summary>
    public static string DefaultStore() =>
        StoreVariable() ?? OwnStore();

    /// <summary>The store where neither option, environment nor configuration name one.</summary>
    public static string OwnStore() => FileIn(Environment.SpecialFolder.LocalApplicationData, "token_usage.db")
        ?? throw new UserFacingException("This user has no data folder; name the store with --db or TOKEN_GOVERNANCE_DB.");

    /// <summary>The configuration file where none is named; it need not be there. NULL: this user has no folder for it.</summary>
    public static string? DefaultConfiguration() => FileIn(Environment.SpecialFolder.ApplicationData, "config.toml");

    /// <summary>OpenClaw's state directory as OpenClaw itself chooses it; a full path.</summary>
    /// <remarks>
    ///     `$OPENCLAW_STATE_DIR`, else `$CLAWDBOT_STATE_DIR`, else `.openclaw` (or an older name that exists) in `$OPENCLAW_HOME`, else in
    ///     the user's folder. `$OPENCLAW_PROFILE` has no part in it, as in OpenClaw.
    /// </remarks>
    public static string DefaultHome()
    {
        if (StateVariable() is { } path)
        {
            return Expand(path, OpenClawUser.Folder());
        }

        var home = Path.Combine(OpenClawUser.Folder(), HomeFolder);

        return Directory.Exists(home)
            ? home
            : LegacyHomeFolders.Select(name => Path.Combine(OpenClawUser.Folder(), name)).FirstOrDefault(Directory.Exists) ?? home;
    }

    /// <summary>Where Claude Code keeps its sessions: below `$CLAUDE_CONFIG_DIR`, else in `.claude` in the user's folder; a full path.</summary>
    public static string ClaudeProjects() =>
        Path.Combine(Variable("CLAUDE_CONFIG_DIR") is { } folder ? Expand(folder) : Path.Combine(UserFolder, ".claude"), "projects");

    /// <summary>State directories of OpenClaw's profiles (`openclaw --profile work` uses `.openclaw-work`) that hold agents, sorted.</summary>
    public static IReadOnlyList<string> ProfileHomes()
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(OpenClawUser.Folder(), $"{HomeFolder}-*").Where(path => new OpenClawHome(path).FindObstacle() is null).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Expands a leading `~` and makes a path full.</summary>
    public static string Expand(string path) => Expand(path, UserFolder);

    static string Expand(string path, string userFolder) => Path.GetFullPath(OpenClawUser.ExpandTilde(path, userFolder));

    static string? StateVariable() => Variable("OPENCLAW_STATE_DIR") ?? Variable("CLAWDBOT_STATE_DIR");

    /// <summary>The user's own folder.</summary>
    public static string UserFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    static string? Variable(string name) => OpenClawUser.Variable(name);

    static string? FileIn(Environment.SpecialFolder kind, string name) =>
        Environment.GetFolderPath(kind, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "token-governance", name)
            : null;
}
