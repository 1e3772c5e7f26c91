namespace TokenGovernance.Text;

/// <summary>Says of how many rows nobody knows how many responses they stand for.</summary>
static class TurnText
{
    const string ClaudeCode = "claude-code";

    /// <summary>Such as "3 rows of other runtimes (claude-code 3) stand for a turn each, not for a response: …".</summary>
    /// <param name="turns">Runtimes, and how many such rows each has; one at least.</param>
    /// <param name="readsClaude">Claude Code's files are collected, as far as is known.</param>
    public static string Of(IReadOnlyList<(string Runtime, long Rows)> turns, bool readsClaude = false)
    {
        var names = string.Join(", ", turns.Select(one => $"{PrintableText.Of(one.Runtime)} {NumberFormat.Count(one.Rows)}"));
        var more = string.Concat(turns.Select(one => " " + HowToKnowMore(one.Runtime, readsClaude)).Where(text => text.Length > 1));

        return $"{NumberFormat.Count(turns.Sum(one => one.Rows), "row")} of other runtimes ({names}) stand for a turn each, not for a response: "
            + $"what OpenClaw knows of it, which can be less than was used.{more}";
    }

    /// <summary>Says of how much no call tells, though calls of the same turns are known.</summary>
    public static string OfRemainders(long rows, long tokens) =>
        $"{NumberFormat.Count(rows)} of these rows are what the calls of a turn leave of it, {NumberFormat.Count(tokens, "token")} in all: "
        + "a rollout is gone or torn, or an older Codex did not write a call down.";

    static string HowToKnowMore(string runtime, bool readsClaude) => runtime switch
    {
        ClaudeCode when readsClaude => "The files of claude-code are read; those of these turns are gone, or nothing says that they are OpenClaw's.",
        ClaudeCode => "The calls of claude-code are in ~/.claude: 'collect --runtime claude', or [runtimes] claude = true, reads those of OpenClaw's sessions.",
        "codex" => "The calls of codex are in files that are gone or incomplete, or not below OpenClaw's state directory, and those are not read.",
        "acp" => "What acp used OpenClaw does not know; the program that it ran may.",
        _ => "",
    };
}
