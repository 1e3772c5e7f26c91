using System.Text.RegularExpressions;

namespace TokenGovernance.Domain;

/// <summary>Ids that OpenClaw can have given an agent: such an id means nothing to any command interpreter.</summary>
static partial class AgentName
{
    public const string Form = "letters, digits, '-', '_' and '.'";

    public static bool IsValid(string text) => Valid().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Valid();
}
