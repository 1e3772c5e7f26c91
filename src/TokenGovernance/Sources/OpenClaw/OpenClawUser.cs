namespace TokenGovernance.Sources.OpenClaw;

/// <summary>The user whose OpenClaw it is, as OpenClaw itself sees it.</summary>
static class OpenClawUser
{
    public const string HomeVariable = "OPENCLAW_HOME";

    /// <summary>The folder that `~` stands for in OpenClaw's own settings: `$OPENCLAW_HOME`, else the user's.</summary>
    public static string Folder()
    {
        var user = Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

        return Path.GetFullPath(ExpandTilde(Variable(HomeVariable) ?? user, user));
    }

    /// <summary>A path with a leading `~` expanded.</summary>
    public static string ExpandTilde(string path, string userFolder) =>
        path is "~" || path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith(@"~\", StringComparison.Ordinal)
            ? Path.Join(userFolder, path[1..])
            : path;

    /// <summary>An environment variable without blanks around it, NULL if nothing is left: an `.env` file with CRLF leaves a carriage return.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
