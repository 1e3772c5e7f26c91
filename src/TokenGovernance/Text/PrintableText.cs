using System.Globalization;
using System.Text;

namespace TokenGovernance.Text;

/// <summary>Paths and names come from others' files: what steers a terminal, or turns around the text after it, must not reach one.</summary>
static class PrintableText
{
    /// <summary>The text with a question mark for whatever is no visible character.</summary>
    public static string Of(string text) => IsPlain(text) ? text :
        string.Concat(text.EnumerateRunes().Select(rune => IsVisible(rune) ? rune.ToString() : "?"));

    /// <summary>True if all of the text is visible ASCII: a cell a character. Most text is, and that is quickly seen.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    static bool IsVisible(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
