using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Reads, checks and completes the values of options; says what is wrong in the words of the command line.</summary>
static class Values
{
    // No thousands: "1,5" would be 15.
    const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>An option that takes a number of a range.</summary>
    public static Option<double> Number(string name, double value, Limits limits) => new(name)
    {
        DefaultValueFactory = _ => value,
        CustomParser = result => Parse(result, name, limits),
    };

    /// <summary>An option that takes a whole number of at least 1.</summary>
    public static Option<int> Count(string name, int value) => new(name) { DefaultValueFactory = _ => value, CustomParser = result => ParseCount(result, name) };

    /// <summary>Reads a whole number of at least 1.</summary>
    public static int ParseCount(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return count;
        }

        result.AddError($"{name} takes a whole number from 1 on, not '{text}'.");

        return 1;
    }

    /// <summary>Refuses an empty value: a variable that is not set must not mean "the default".</summary>
    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{option.Name} is empty; it takes a {option.HelpName}.");
            }
        });

        return option;
    }

    /// <summary>Accepts some words only, and offers them for completion.</summary>
    public static void AcceptOnly<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result => result.Require(option.Name, words));
    }

    /// <summary>Accepts some words only, and offers them for completion.</summary>
    public static void AcceptOnly<T>(this Argument<T> argument, string what, IReadOnlyList<string> words)
    {
        argument.CompletionSources.Add([.. words]);
        argument.Validators.Add(result => result.Require(what, words));
    }

    /// <summary>Offers names for completion, also after a comma.</summary>
    public static void CompleteNames(this Option option, IReadOnlyList<string> names) => option.CompletionSources.Add(context =>
    {
        var start = context.WordToComplete.LastIndexOf(',') + 1;
        var before = context.WordToComplete[..start];

        return names.Except(before.Split(','), StringComparer.OrdinalIgnoreCase).Select(name => new CompletionItem(before + name));
    });

    /// <summary>Adds an error for each text that cannot be an agent's id: it becomes an argument of another program.</summary>
    public static void RequireAgentIds(this OptionResult result, string name)
    {
        foreach (var token in result.Tokens.Where(token => !AgentName.IsValid(token.Value)))
        {
            result.AddError($"{name} takes an agent's id ({AgentName.Form}), not '{token.Value}'.");
        }
    }

    /// <summary>True if the option stands on the command line.</summary>
    public static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>True if the option stands on the command line.</summary>
    public static bool IsGiven(this ParseResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>What to say of a wrong word: what is right, and what was probably meant.</summary>
    public static string Wrong(string name, string right, string text, IEnumerable<string> words) =>
        $"{name} takes {right}, not '{text}'.{Guess(text, words)}";

    /// <summary>Such as "a, b or c".</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    /// <summary>Adds an error for a value that is none of some words; a mistyped option is met as a value too.</summary>
    public static void AddWrong(this SymbolResult result, string name, string right, string text, IEnumerable<string> words)
    {
        result.AddError(text.StartsWith("--", StringComparison.Ordinal)
            ? $"There is no option '{text}'.{Guess(text[2..], FindCommand(result).Options.Select(option => option.Name.TrimStart('-')), "--")}"
            : Wrong(name, right, text, words));
    }

    static void Require(this SymbolResult result, string name, IReadOnlyList<string> words)
    {
        foreach (var token in result.Tokens.Where(token => !words.Contains(token.Value, StringComparer.Ordinal)))
        {
            result.AddWrong(name, List(words), token.Value, words);
        }
    }

    static string Guess(string text, IEnumerable<string> words, string prefix = "") =>
        NearestWord.Find(text, words) is { } nearest ? $" Did you mean {prefix}{nearest}?" : "";

    static Command FindCommand(SymbolResult result) => result is CommandResult command ? command.Command : FindCommand(result.Parent!);

    static double Parse(ArgumentResult result, string name, Limits limits)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) && limits.Contain(number))
        {
            return number;
        }

        var hint = double.TryParse(text.Replace(',', '.'), Plain, CultureInfo.InvariantCulture, out _) && text.Contains(',', StringComparison.Ordinal)
            ? " Decimals follow a point."
            : "";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {limits.Least} to {limits.Most}, not '{text}'.{hint}"));

        return limits.Least;
    }
}
