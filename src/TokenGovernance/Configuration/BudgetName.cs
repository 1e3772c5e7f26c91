using System.Text.RegularExpressions;

namespace TokenGovernance.Configuration;

/// <summary>Names of budgets and destinations: they stand in messages, tables and file names.</summary>
static partial class BudgetName
{
    public const string Form = "a name of small letters, digits and '-', at most 64";

    public static string? Parse(string text) => Valid().IsMatch(text) ? text : null;

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Valid();
}
