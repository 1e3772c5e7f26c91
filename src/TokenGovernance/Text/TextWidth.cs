using System.Globalization;
using System.Text;

namespace TokenGovernance.Text;

/// <summary>How wide text is on a terminal, and how to make it fit.</summary>
static class TextWidth
{
    /// <summary>How many cells of a terminal a text takes.</summary>
    public static int WidthOf(string text) => text.EnumerateRunes().Sum(WidthOf);

    /// <summary>Shortens a text to a number of cells; what is cut off is an ellipsis.</summary>
    public static string Fit(string text, int width)
    {
        if (WidthOf(text) <= width)
        {
            return text;
        }

        var fitted = new StringBuilder();
        var left = width - 1;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= WidthOf(rune);
            if (left < 0)
            {
                break;
            }

            fitted.Append(rune.ToString());
        }

        return $"{fitted}…";
    }

    static int WidthOf(Rune rune) => rune.Value switch
    {
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => 0,
        >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F
            or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };
}
