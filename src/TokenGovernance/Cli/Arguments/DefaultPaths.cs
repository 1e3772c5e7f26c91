using TokenGovernance.Domain;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Where things are unless the user says otherwise.</summary>
static class DefaultPaths
{
    const string StoreVariable = "TOKEN_GOVERNANCE_DB";
    const string HomeVariable = "OPENCLAW_STATE_DIR";
    const string OpenClawVariable = "TOKEN_GOVERNANCE_OPENCLAW_BIN";

    static readonly string[] LegacyHomes = [".clawdbot", ".moltbot"];

    /// <summary>The store: `$TOKEN_GOVERNANCE_DB`, else a file in the user's local application data.</summary>
    public static string DefaultStore()
    {
        if (Environment.GetEnvironmentVariable(StoreVariable) is { Length: > 0 } path)
        {
            return path;
        }

        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);

        return data.Length > 0
            ? Path.Combine(data, "token-governance", "token_usage.db")
            : throw new UserFacingException($"This user has no data folder; name the store with --db or {StoreVariable}.");
    }

    /// <summary>OpenClaw's state directory: `$OPENCLAW_STATE_DIR`, else `~/.openclaw`, else one of its older names.</summary>
    public static string DefaultHome()
    {
        if (Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } path)
        {
            return path;
        }

        var home = Path.Combine(UserFolder, ".openclaw");

        return Directory.Exists(home)
            ? home
            : LegacyHomes.Select(name => Path.Combine(UserFolder, name)).FirstOrDefault(Directory.Exists) ?? home;
    }

    /// <summary>The program `openclaw`: what was named, else `$TOKEN_GOVERNANCE_OPENCLAW_BIN`, else NULL: it is looked for.</summary>
    public static string? OpenClawBin(string? named)
    {
        var path = named is { Length: > 0 } ? named : Environment.GetEnvironmentVariable(OpenClawVariable);

        return path is not { Length: > 0 } ? null : path.AsSpan().ContainsAny('/', '\\') ? Expand(path) : path;
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
}
