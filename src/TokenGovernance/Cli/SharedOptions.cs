using System.CommandLine;

namespace TokenGovernance.Cli;

/// <summary>Options that several verbs have in common.</summary>
static class SharedOptions
{
    public static Option<string?> Db() => new("--db")
    {
        Description = "The store. Default: $TOKEN_GOVERNANCE_DB, else token-governance/token_usage.db in the user's local data folder.",
        HelpName = "path",
    };

    /// <summary>The store that was named, else the default one; a full path.</summary>
    public static string StorePath(this ParseResult parse, Option<string?> db) =>
        Places.Expand(parse.GetValue(db) is { Length: > 0 } path ? path : Places.DefaultStore());
}
