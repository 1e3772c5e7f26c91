using System.Globalization;
using System.Net;
using System.Text;
using TokenGovernance.Text;

namespace TokenGovernance.Reports.Pages;

/// <summary>The bars of an answer as an SVG picture that needs nothing else: light and dark, no script.</summary>
static class SvgChart
{
    const int Width = 960, LabelWidth = 300, ValueWidth = 110, RowHeight = 26, Margin = 16, MostRows = 40;
    const int DaysHeight = 150, TitleCells = 105;

    const string Style = """
        .tg{font:13px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}
        .tg text{fill:#1f2328}.tg .dim{fill:#59636e}.tg .bar{fill:#0969da}.tg .less{fill:#1a7f37}.tg .paper{fill:#fff}.tg .axis{stroke:#d1d9e0}
        .tg .title{font-size:15px;font-weight:600}
        @media (prefers-color-scheme:dark){.tg text{fill:#f0f6fc}.tg .dim{fill:#9198a1}.tg .bar{fill:#4493f8}.tg .less{fill:#3fb950}.tg .paper{fill:#0d1117}.tg .axis{stroke:#3d444d}}
        """;

    /// <summary>A picture of its own, with title and headline.</summary>
    public static void Write(TextWriter output, Sheet sheet) => output.WriteLine(Draw(sheet, withTitle: true));

    /// <summary>The picture as an element.</summary>
    /// <param name="sheet">What to draw.</param>
    /// <param name="withTitle">With title and headline, which a page has already.</param>
    public static string Draw(Sheet sheet, bool withTitle)
    {
        var rows = sheet.Rows.Where(row => row is { IsTotal: false, Bar: not null }).ToList();
        var body = new StringBuilder();
        var y = Margin;
        if (withTitle)
        {
            body.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Margin}\" y=\"{y + 14}\">{Escape(TextWidth.Fit(sheet.Title, TitleCells))}</text>");
            body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Margin}\" y=\"{y + 36}\">{Escape(TextWidth.Fit(sheet.Headline, TitleCells + 15))}</text>");
            y += 56;
        }

        y = sheet.IsTimeline ? DrawColumns(body, rows, y) : DrawRows(body, sheet, rows, y);
        var label = Escape($"{sheet.Title}. {sheet.Headline}");

        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg class="tg" xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{y + Margin}" viewBox="0 0 {Width} {y + Margin}" role="img" aria-label="{label}"><style>{Style.ReplaceLineEndings("")}</style><rect class="paper" width="{Width}" height="{y + Margin}"/>{body}</svg>
            """);
    }

    /// <summary>A bar a row, below each other.</summary>
    static int DrawRows(StringBuilder body, Sheet sheet, List<SheetRow> rows, int y)
    {
        var names = sheet.Columns.TakeWhile(column => column.IsLeft).Count();
        const double Room = Width - (2 * Margin) - LabelWidth - ValueWidth;
        foreach (var row in rows.Take(MostRows))
        {
            var name = TextWidth.FitMiddle(string.Join(" · ", row.Cells.Take(names)), 44, 22);
            var length = Math.Max(1, Math.Abs(row.Bar!.Value) * Room);
            body.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin}\" y=\"{y + 17}\">{Escape(name)}</text>");
            body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{(row.Bar < 0 ? "less" : "bar")}\" x=\"{Margin + LabelWidth}\" y=\"{y + 4}\" width=\"{length:0.#}\" height=\"16\" rx=\"2\"/>");
            body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Margin + LabelWidth + length + 8:0.#}\" y=\"{y + 17}\">{Escape(row.BarText)}</text>");
            y += RowHeight;
        }

        if (rows.Count > MostRows)
        {
            body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Margin}\" y=\"{y + 17}\">{rows.Count - MostRows} more rows are not drawn.</text>");
            y += RowHeight;
        }

        return y;
    }

    /// <summary>A column a span of time, beside each other.</summary>
    static int DrawColumns(StringBuilder body, List<SheetRow> rows, int y)
    {
        if (rows.Count == 0)
        {
            return y;
        }

        var step = (Width - (2.0 * Margin)) / rows.Count;
        var bottom = y + 20 + DaysHeight;
        foreach (var (i, row) in rows.Index())
        {
            var height = Math.Max(1, Math.Abs(row.Bar!.Value) * DaysHeight);
            body.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"bar\" x=\"{Margin + (i * step):0.##}\" y=\"{bottom - height:0.#}\" width=\"{Math.Max(1, step - 2):0.##}\" height=\"{height:0.#}\"><title>{Escape($"{row.Cells[0]}: {row.BarText}")}</title></rect>");
        }

        var (most, highest) = rows.Index().MaxBy(row => row.Item.Bar) is var top ? (top.Item, top.Index) : default;
        var anchor = highest > rows.Count * 3 / 4 ? "end" : "start";
        body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Margin + ((highest + (anchor == "end" ? 1 : 0)) * step):0.#}\" y=\"{y + 14}\" text-anchor=\"{anchor}\">{Escape($"{most.Cells[0]}: {most.BarText}")}</text>");
        body.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{bottom}\" y2=\"{bottom}\"/>");
        body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Margin}\" y=\"{bottom + 18}\">{Escape(rows[0].Cells[0])}</text>");
        body.Append(CultureInfo.InvariantCulture, $"<text class=\"dim\" x=\"{Width - Margin}\" y=\"{bottom + 18}\" text-anchor=\"end\">{Escape(rows[^1].Cells[0])}</text>");

        return bottom + 24;
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
