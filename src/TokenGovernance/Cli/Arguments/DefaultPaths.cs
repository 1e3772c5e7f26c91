using TokenGovernance.Domain;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Where things are unless the user says otherwise.</summary>
static class DefaultPaths
{
    static readonly string[] LegacyHomes = [".clawdbot", ".moltbot"];

    public static string? StoreVariable() => Variable("TOKEN_GOVERNANCE_DB");

    public static string? HomeVariable() => Variable("OPENCLAW_STATE_DIR");

    public static string? OpenClawVariable() => Variable("TOKEN_GOVERNANCE_OPENCLAW_BIN");

    public static string? ConfigurationVariable() => Variable("TOKEN_GOVERNANCE_CONFIG");

    /// <summary>The store: `$TOKEN_GOVERNANCE_DB`, else a file in the user's local application data.</summary>
    public static string DefaultStore() =>
        StoreVariable() ?? FileIn(Environment.SpecialFolder.LocalApplicationData, "token_usage.db")
        ?? throw new UserFacingException("This user has no data folder; name the store with --db or TOKEN_GOVERNANCE_DB.");

    /// <summary>The configuration file where none is named; it need not be there. NULL: this user has no folder for it.</summary>
    public static string? DefaultConfiguration() => FileIn(Environment.SpecialFolder.ApplicationData, "config.toml");

    /// <summary>OpenClaw's state directory: `$OPENCLAW_STATE_DIR`, else `~/.openclaw`, else one of its older names.</summary>
    public static string DefaultHome()
    {
        if (HomeVariable() is { } path)
        {
            return path;
        }

        var home = Path.Combine(UserFolder, ".openclaw");

        return Directory.Exists(home)
            ? home
            : LegacyHomes.Select(name => Path.Combine(UserFolder, name)).FirstOrDefault(Directory.Exists) ?? home;
    }

    /// <summary>Expands a leading `~` and makes a path full.</summary>
    public static string Expand(string path)
    {
        var expanded = path is "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith(@"~\", StringComparison.Ordinal)
            ? Path.Join(UserFolder, path[1..])
            : path;

        return Path.GetFullPath(expanded);
    }

    static string UserFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    static string? FileIn(Environment.SpecialFolder kind, string name) =>
        Environment.GetFolderPath(kind, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "token-governance", name)
            : null;
}
