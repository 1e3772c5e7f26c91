using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TokenGovernance.Cli;

/// <summary>Answers the directive `[suggest:position] "line"`: what may stand where the cursor is, a suggestion a line.</summary>
/// <param name="directive">The directive; its value is the position of the cursor in the line, from 0.</param>
sealed class Suggestions(SuggestDirective directive) : SynchronousCommandLineAction
{
    /// <summary>What is wrong in a line is no reason not to complete it.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type is not TokenType.Directive)?.Value ?? "";
        var position = parseResult.GetResult(directive)?.Values is [var text, ..] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? Math.Min(at, line.Length)
            : line.Length;
        foreach (var suggestion in Find(parseResult.RootCommandResult.Command, line, position))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(suggestion);
        }

        return ExitCode.Ok;
    }

    static IEnumerable<string> Find(Command root, string line, int position)
    {
        // A value behind a sign, as in `--by=agent`, is completed as one that stands alone.
        var word = line[..position].LastIndexOf(' ') + 1;
        var sign = line.AsSpan(word, position - word) is ['-', '-', ..] and var option ? option.IndexOf('=') : -1;
        var behind = "";
        if (sign > 0)
        {
            behind = line[word..(word + sign + 1)];
            line = $"{line[..(word + sign)]} {line[(word + sign + 1)..]}";
        }

        // A shell reads a suggestion a line, and some write it to the terminal as it is.
        return root.Parse(line).GetCompletions(position).Select(item => behind + (item.InsertText ?? item.Label))
            .Where(suggestion => !suggestion.Any(char.IsControl)).Distinct(StringComparer.Ordinal);
    }
}
