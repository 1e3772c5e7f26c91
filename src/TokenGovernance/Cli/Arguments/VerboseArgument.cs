using System.CommandLine;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The option `--verbose`, which every verb has: each pass is logged, and of an internal error where it happened.</summary>
static class VerboseArgument
{
    const string Name = "--verbose";

    public static Option<bool> Option() => new(Name, "-v")
    {
        Description = "Log every pass; of an internal error, say where.",
        Recursive = true,
        Arity = ArgumentArity.Zero,
    };

    public static bool IsVerbose(this ParseResult parse) => parse.GetValue<bool>(Name);
}
