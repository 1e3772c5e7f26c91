using System.CommandLine.Parsing;
using System.Globalization;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Cli.Arguments;

/// <summary>Checks of option values.</summary>
static class Validation
{
    /// <summary>Adds an error unless the option's text is a number in a range. Text that is none is the parser's to report.</summary>
    public static void RequireNumber(this OptionResult result, string name, Limits limits)
    {
        if (result.Tokens is [{ Value: var text }]
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && !limits.Contain(number))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be between {limits.Least} and {limits.Most}, not {text}."));
        }
    }

    /// <summary>Adds an error for each text that cannot be an agent's id: it becomes an argument of another program.</summary>
    public static void RequireAgentIds(this OptionResult result, string name)
    {
        foreach (var token in result.Tokens.Where(token => !AgentName.IsValid(token.Value)))
        {
            result.AddError($"{name} takes an agent's id ({AgentName.Form}), not '{token.Value}'.");
        }
    }
}
