namespace TokenGovernance.Text;

/// <summary>Says of how many rows nobody knows how many responses they stand for.</summary>
static class TurnText
{
    const string ClaudeCode = "claude-code";

    /// <summary>Such as "3 rows stand for whole turns that OpenClaw had carried out by claude-code 3: …".</summary>
    /// <param name="turns">Runtimes, and how many such rows each has; one at least.</param>
    public static string Of(IReadOnlyList<(string Runtime, long Rows)> turns)
    {
        var names = string.Join(", ", turns.Select(one => $"{PrintableText.Of(one.Runtime)} {NumberFormat.Count(one.Rows)}"));
        var cure = turns.Any(one => one.Runtime == ClaudeCode)
            ? " The calls of claude-code are in ~/.claude: 'collect --runtime claude', or [runtimes] claude = true, reads those of OpenClaw's sessions."
            : "";

        return $"{NumberFormat.Count(turns.Sum(one => one.Rows), "row")} of other runtimes ({names}) stand for a turn each, not for a response: "
            + $"what OpenClaw knows of it, which can be less than was used.{cure}";
    }
}
