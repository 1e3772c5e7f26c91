namespace TokenGovernance.Text;

/// <summary>Rows of cells as aligned text or Markdown; the first row is the head.</summary>
static class TextTable
{
    /// <param name="output">Where to.</param>
    /// <param name="rows">Head and rows, of one length.</param>
    /// <param name="isNumber">Columns that are aligned to the right.</param>
    /// <param name="width">Cells in a line; longer lines are cut off. NULL: no end.</param>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows, IReadOnlySet<int> isNumber, int? width)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => TextWidth.WidthOf(row[column]))).ToArray();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, column) =>
            {
                var space = new string(' ', widths[column] - TextWidth.WidthOf(cell));

                return isNumber.Contains(column) ? space + cell : cell + space;
            })).TrimEnd();
            output.WriteLine(width is { } cells ? TextWidth.Fit(line, cells) : line);
        }
    }

    /// <summary>The same as Markdown, cells escaped.</summary>
    public static void WriteMarkdown(TextWriter output, IReadOnlyList<string[]> rows, IReadOnlySet<int> isNumber)
    {
        foreach (var (index, row) in rows.Index())
        {
            output.WriteLine($"| {string.Join(" | ", row.Select(MarkdownText.Escape))} |");
            if (index == 0)
            {
                output.WriteLine($"| {string.Join(" | ", row.Select((_, column) => isNumber.Contains(column) ? "---:" : "---"))} |");
            }
        }
    }
}
