using System.CommandLine;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The option `--runtime`: programs whose own files, outside of OpenClaw's homes, are to be read.</summary>
static class RuntimeOption
{
    const string Claude = "claude";

    public static Option<string[]> Create()
    {
        var option = new Option<string[]>("--runtime")
        {
            Description = "Also read files of a program that OpenClaw runs turns through: claude, those sessions in ~/.claude that OpenClaw uses.",
            HelpName = Claude,
        };
        option.AcceptOnly(Claude);

        return option;
    }

    /// <summary>Where Claude Code keeps its sessions, if the option or the configuration asks for them; else NULL.</summary>
    public static string? ClaudeProjects(this ParseResult parse, Option<string[]>? option = null) =>
        (option is not null && parse.GetValue(option)?.Contains(Claude) == true) || parse.Settings().Runtimes.Claude ? DefaultPaths.ClaudeProjects() : null;
}
