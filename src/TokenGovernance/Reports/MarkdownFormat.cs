using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as a Markdown table, for chats, issues and wikis.</summary>
static class MarkdownFormat
{
    public static void Write(TextWriter output, Report report)
    {
        var names = report.Query.By;
        var columns = Columns.Of(report);
        output.WriteLine($"**{MarkdownText.Escape(ReportText.Title(report))}**");
        output.WriteLine();
        Line(output, [.. names.Select(ReportText.TitleOf), .. columns.Select(column => column.Title)]);
        Line(output, [.. names.Select(_ => "---"), .. columns.Select(_ => "---:")]);
        foreach (var row in report.Rows)
        {
            Line(output, [.. ReportText.Show(report.Query, row).Select(MarkdownText.Escape), .. columns.Select(column => MarkdownText.Escape(column.Show(row.Totals)))]);
        }

        if (report.Rest is { } rest)
        {
            Line(output, [.. Named($"({NumberFormat.Count(rest.Rows)} more)", names.Count), .. columns.Select(column => MarkdownText.Escape(column.Show(rest.Totals)))]);
        }

        Line(output, [.. Named("**all**", names.Count), .. columns.Select(column => $"**{MarkdownText.Escape(column.Show(report.Totals))}**")]);
        foreach (var note in ReportText.Notes(report))
        {
            output.WriteLine();
            output.WriteLine(MarkdownText.Escape(note));
        }
    }

    static IEnumerable<string> Named(string name, int count) => Enumerable.Repeat("", count - 1).Prepend(name);

    static void Line(TextWriter output, IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
