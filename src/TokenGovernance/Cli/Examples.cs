using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TokenGovernance.Cli;

/// <summary>Adds a section with examples to the help of a verb.</summary>
static class Examples
{
    public static Command WithExamples(this Command command, params string[] lines)
    {
        var help = HelpOption();
        help.Action = new HelpWithExamples(lines);
        command.Options.Add(help);

        return command;
    }

    /// <summary>The help option; `/?` only on Windows, because elsewhere it is a path.</summary>
    public static HelpOption HelpOption() =>
        new("--help", OperatingSystem.IsWindows() ? ["-h", "-?", "/h", "/?"] : ["-h", "-?"]) { Description = "Show help.", Recursive = false };

    sealed class HelpWithExamples(string[] lines) : SynchronousCommandLineAction
    {
        readonly HelpAction _help = new();

        public override int Invoke(ParseResult parseResult)
        {
            var result = _help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine($"  {line}");
            }

            return result;
        }
    }
}
