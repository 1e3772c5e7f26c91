using System.Text;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as a Markdown table, for chats, issues and wikis.</summary>
static class MarkdownFormat
{
    public static void Write(TextWriter output, Report report)
    {
        var names = report.Query.By;
        var columns = Columns.Of(report);
        output.WriteLine($"**{Escape(ReportText.Title(report))}**");
        output.WriteLine();
        Line(output, [.. names.Select(ReportText.TitleOf), .. columns.Select(column => column.Title)]);
        Line(output, [.. names.Select(_ => "---"), .. columns.Select(_ => "---:")]);
        foreach (var row in report.Rows)
        {
            Line(output, [.. ReportText.Show(report.Query, row).Select(Escape), .. columns.Select(column => Escape(column.Show(row.Sums)))]);
        }

        if (report.Rest is { } rest)
        {
            Line(output, [.. Named($"({NumberFormat.Count(rest.Rows)} more)", names.Count), .. columns.Select(column => Escape(column.Show(rest.Sums)))]);
        }

        Line(output, [.. Named("**all**", names.Count), .. columns.Select(column => $"**{Escape(column.Show(report.Totals))}**")]);
        foreach (var note in ReportText.Notes(report))
        {
            output.WriteLine();
            output.WriteLine(Escape(note));
        }
    }

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

    static IEnumerable<string> Named(string name, int count) => Enumerable.Repeat("", count - 1).Prepend(name);

    static void Line(TextWriter output, IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
