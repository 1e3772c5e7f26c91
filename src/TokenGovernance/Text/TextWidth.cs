using System.Text;
using Wcwidth;

namespace TokenGovernance.Text;

/// <summary>How wide text is on a terminal, and how to make it fit.</summary>
static class TextWidth
{
    /// <summary>How many cells of a terminal a text takes.</summary>
    public static int WidthOf(string text)
    {
        if (PrintableText.IsPlain(text))
        {
            return text.Length;
        }

        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

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

    /// <summary>Shortens a text to a number of cells in its middle, so that its beginning and its end stay readable.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Cells, at least one.</param>
    /// <param name="tail">How many of them are for the end.</param>
    public static string FitMiddle(string text, int width, int tail)
    {
        if (WidthOf(text) <= width)
        {
            return text;
        }

        tail = Math.Clamp(tail, 0, width - 1);
        var end = new List<string>();
        foreach (var rune in text.EnumerateRunes().Reverse())
        {
            tail -= WidthOf(rune);
            if (tail < 0)
            {
                break;
            }

            end.Add(rune.ToString());
        }

        end.Reverse();
        var tailText = string.Concat(end);

        return Fit(text, width - WidthOf(tailText)) + tailText;
    }

    /// <summary>Writes a text in as many lines as it needs.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="text">The text.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    public static void WriteWrapped(TextWriter output, string text, int? width)
    {
        foreach (var line in Wrap(text, width))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>Breaks a text into lines that fit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    public static IEnumerable<string> Wrap(string text, int? width)
    {
        if (width is not { } available)
        {
            yield return text;
            yield break;
        }

        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && WidthOf(line) + 1 + WidthOf(word) > available)
            {
                yield return Fit(line, available);
                line = "";
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        yield return Fit(line, available);
    }

    static int WidthOf(Rune rune) => Math.Max(0, UnicodeCalculator.GetWidth(rune));
}
