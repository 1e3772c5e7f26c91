namespace TokenGovernance.Model;

/// <summary>Paths and names come from others' files: what steers a terminal, or turns around the text after it, must not reach one.</summary>
static class PrintableText
{
    /// <summary>The text with a question mark for each such character.</summary>
    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '?' : c)) : text;

    // Controls, marks of writing direction, and line ends that only some programs take for one.
    static bool IsUnsafe(char c) =>
        char.IsControl(c)
        || c is '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
