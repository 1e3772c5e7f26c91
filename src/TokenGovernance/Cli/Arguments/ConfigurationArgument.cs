using System.CommandLine;
using System.Runtime.CompilerServices;
using TokenGovernance.Configuration;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The option `--config`, which every verb has, and the settings of the file that it names.</summary>
static class ConfigurationArgument
{
    const string Name = "--config";

    static readonly ConditionalWeakTable<ParseResult, Settings> Read = [];

    public static Option<string?> Option() => new Option<string?>(Name)
    {
        Description = "The configuration file. Default: $TOKEN_GOVERNANCE_CONFIG, else token-governance/config.toml in the user's configuration folder.",
        HelpName = "path",
        Recursive = true,
    }.NotEmpty();

    /// <summary>What the configuration file says; read once.</summary>
    /// <exception cref="UsageException">It says something that cannot be meant, or a file that was named is missing.</exception>
    public static Settings Settings(this ParseResult parse) => Read.GetValue(parse, Load);

    /// <summary>The file: the one that was named, else the default one. NULL: this user has no place for one.</summary>
    /// <returns>Its full path, and whether somebody named it: then it must be there.</returns>
    public static (string? Path, bool IsNamed) ConfigurationPath(this ParseResult parse) =>
        (parse.GetValue<string?>(Name) is { Length: > 0 } named ? named : DefaultPaths.ConfigurationVariable()) is { } path
            ? (DefaultPaths.Expand(path), true)
            : (DefaultPaths.DefaultConfiguration(), false);

    /// <summary>The file may be missing, also where it was named: the verb makes it.</summary>
    public static void AllowNoConfiguration(this ParseResult parse)
    {
        if (parse.ConfigurationPath().Path is { } path && !File.Exists(path))
        {
            Read.AddOrUpdate(parse, Configuration.Settings.None);
        }
    }

    static Settings Load(ParseResult parse)
    {
        var (path, isNamed) = parse.ConfigurationPath();
        if (path is null || (!isNamed && !File.Exists(path)))
        {
            return Configuration.Settings.None;
        }

        try
        {
            return ConfigurationFile.Read(path);
        }
        catch (ConfigurationException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
