using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>An answer as a Markdown table, for chats, issues and wikis.</summary>
static class MarkdownFormat
{
    public static void Write(TextWriter output, Report report) => Write(output, ReportSheet.Of(report));

    public static void Write(TextWriter output, Sheet sheet)
    {
        output.WriteLine($"**{MarkdownText.Escape(sheet.Title)}**");
        output.WriteLine();
        if (sheet.Headline.Length > 0)
        {
            output.WriteLine(MarkdownText.Escape(sheet.Headline));
            output.WriteLine();
        }

        if (sheet.Rows.Count > 0)
        {
            MarkdownText.WriteHead(output, sheet.Columns);
            foreach (var row in sheet.Rows)
            {
                MarkdownText.WriteRow(output, row.Cells.Select(MarkdownText.Escape).Select(cell => row.IsTotal && cell.Length > 0 ? $"**{cell}**" : cell));
            }
        }

        foreach (var note in sheet.Notes)
        {
            output.WriteLine();
            output.WriteLine(MarkdownText.Escape(note));
        }
    }
}
