using System.Text;

namespace TokenGovernance.Text;

/// <summary>Text and tables inside Markdown.</summary>
static class MarkdownText
{
    /// <summary>Writes the head of a table: titles, and how columns are aligned.</summary>
    public static void WriteHead(TextWriter output, IReadOnlyList<FittedColumn> columns)
    {
        WriteRow(output, columns.Select(column => Escape(column.Title)));
        WriteRow(output, columns.Select(column => column.IsLeft ? "---" : "---:"));
    }

    /// <summary>Writes a row of a table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cells">A cell a column, escaped.</param>
    public static void WriteRow(TextWriter output, IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>Makes Markdown show a text as it is: no table cell ends in it, nothing becomes a link, a mention or HTML.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '<' or '>' or '&')
            {
                escaped.Append(c switch { '<' => "&lt;", '>' => "&gt;", _ => "&amp;" });
                continue;
            }

            if (c is '\\' or '|' or '*' or '_' or '`' or '[' or ']' or '#' or '~')
            {
                escaped.Append('\\');
            }

            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
