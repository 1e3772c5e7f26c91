using System.Net;

namespace TokenGovernance.Reports.Pages;

/// <summary>An answer as one HTML page that needs nothing else: for a mail or a slide; prints well, light and dark, no script.</summary>
static class HtmlPage
{
    const string Style = """
        :root{color-scheme:light dark;--ink:#1f2328;--dim:#59636e;--paper:#fff;--line:#d1d9e0;--band:#f6f8fa}
        @media (prefers-color-scheme:dark){:root{--ink:#f0f6fc;--dim:#9198a1;--paper:#0d1117;--line:#3d444d;--band:#151b23}}
        body{font:14px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:76rem;padding:0 1rem}
        h1{font-size:1.25rem;margin:0 0 .25rem}.headline{font-size:1.05rem;margin:0 0 1rem}svg{max-width:100%;height:auto}
        .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:1rem 0}
        th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap;text-align:right}th{color:var(--dim);font-weight:600;font-size:.8rem}
        th.name,td.name{text-align:left}tr.total td{font-weight:600;background:var(--band)}.notes{color:var(--dim);font-size:.85rem;padding-left:1.1rem}
        @media print{body{margin:0;max-width:none}.scroll{overflow:visible}table{font-size:.75rem}}
        """;

    public static void Write(TextWriter output, Sheet sheet)
    {
        output.WriteLine($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Escape(sheet.Title)}</title>
            <style>{Style.ReplaceLineEndings("\n")}</style>
            </head>
            <body>
            <h1>{Escape(sheet.Title)}</h1>
            <p class="headline">{Escape(sheet.Headline)}</p>
            """.ReplaceLineEndings("\n"));
        if (sheet.Rows.Any(row => row.Bar is not null))
        {
            output.WriteLine($"<figure style=\"margin:0\">{SvgChart.Draw(sheet, withTitle: false)}</figure>");
        }

        if (sheet.Rows.Count > 0)
        {
            output.WriteLine("<div class=\"scroll\"><table>");
            output.WriteLine($"<thead><tr>{string.Concat(sheet.Columns.Select(column => $"<th{(column.IsLeft ? " class=\"name\"" : "")} scope=\"col\">{Escape(column.Title)}</th>"))}</tr></thead>");
            output.WriteLine("<tbody>");
            foreach (var row in sheet.Rows)
            {
                var cells = row.Cells.Zip(sheet.Columns, (cell, column) => $"<td{(column.IsLeft ? " class=\"name\"" : "")}>{Escape(cell)}</td>");
                output.WriteLine($"<tr{(row.IsTotal ? " class=\"total\"" : "")}>{string.Concat(cells)}</tr>");
            }

            output.WriteLine("</tbody>");
            output.WriteLine("</table></div>");
        }

        if (sheet.Notes.Count > 0)
        {
            output.WriteLine($"<ul class=\"notes\">{string.Concat(sheet.Notes.Select(note => $"<li>{Escape(note)}</li>"))}</ul>");
        }

        output.WriteLine("</body>");
        output.WriteLine("</html>");
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
