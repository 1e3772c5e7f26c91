using System.Text;

namespace TokenGovernance.Text;

/// <summary>Rows of cells as aligned text or Markdown; the first row is the head.</summary>
static class TextTable
{
    /// <summary>Lines are written together, up to so many characters: each time is a call of the system.</summary>
    const int ChunkLength = 16 * 1024;

    /// <param name="output">Where to.</param>
    /// <param name="rows">Head and rows, of one length.</param>
    /// <param name="isNumber">Columns that are aligned to the right.</param>
    public static void Write(TextWriter output, IReadOnlyList<string[]> rows, IReadOnlySet<int> isNumber)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => TextWidth.WidthOf(row[column]))).ToArray();
        var (line, chunk) = (new StringBuilder(), new StringBuilder());
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                var space = widths[column] - TextWidth.WidthOf(row[column]);
                line.Append(' ', column == 0 ? 0 : 2);
                if (isNumber.Contains(column))
                {
                    line.Append(' ', space).Append(row[column]);
                }
                else
                {
                    line.Append(row[column]).Append(' ', space);
                }
            }

            while (line is { Length: > 0 and var length } && char.IsWhiteSpace(line[length - 1]))
            {
                line.Length--;
            }

            chunk.Append(line).Append(output.NewLine);
            line.Clear();
            if (chunk.Length >= ChunkLength)
            {
                Flush(output, chunk);
            }
        }

        Flush(output, chunk);
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

    static void Flush(TextWriter output, StringBuilder chunk)
    {
        output.Write(chunk);
        chunk.Clear();
    }
}
