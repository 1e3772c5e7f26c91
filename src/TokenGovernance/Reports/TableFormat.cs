using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as aligned text: fitted to a terminal, with small charts; with all columns in a pipe.</summary>
static class TableFormat
{
    const int MinNameWidth = 4, MinBar = 4, MaxBar = 16, Gap = 2, WideEnough = 100;

    public static void Write(TextWriter output, Report report, Screen screen)
    {
        output.WriteLine(Paint(Fit(ReportText.Title(report), screen), "1", screen));
        if (report.Totals.All.Events == 0)
        {
            output.WriteLine("No usage.");

            return;
        }

        output.WriteLine();
        WriteRows(output, report, screen);
        WriteSpark(output, report, screen);
        var notes = ReportText.Notes(report);
        if (notes.Count > 0)
        {
            output.WriteLine();
            foreach (var line in notes.SelectMany(note => Wrap(note, screen.Width)))
            {
                output.WriteLine(Paint(line, "2", screen));
            }
        }
    }

    static void WriteRows(TextWriter output, Report report, Screen screen)
    {
        var names = report.Query.By.Count;
        var columns = Columns.Of(report).ToList();
        var rows = RowsOf(report).ToList();
        var widths = Layout(report, columns, rows, screen.Width, out var bar);

        string Line(IReadOnlyList<string> cells) => Fit(
            string.Join("  ", cells.Select((cell, i) => i < names ? Pad(TextWidth.Fit(cell, widths[i]), widths[i]) : cell.PadLeft(widths[i]))), screen);

        output.WriteLine(Paint(Line([.. report.Query.By.Select(ReportText.TitleOf), .. columns.Select(column => column.Title)]).TrimEnd(), "2", screen));
        var most = report.Rows.Max(row => Columns.ShareOf(row.Totals, report.Totals) ?? 0);
        foreach (var (cells, usage, isTotal) in rows)
        {
            var line = Line([.. cells, .. columns.Select(column => column.Show(usage))]);
            if (!isTotal && bar > 0 && most > 0)
            {
                line += "  " + Paint(NumberFormat.Bar((Columns.ShareOf(usage, report.Totals) ?? 0) / most, bar), "36", screen);
            }

            output.WriteLine(isTotal ? Paint(line.TrimEnd(), "1", screen) : line.TrimEnd());
        }
    }

    static IEnumerable<(string[] Names, UsageTotals Totals, bool IsTotal)> RowsOf(Report report)
    {
        string[] Named(string name) => [name, .. Enumerable.Repeat("", report.Query.By.Count - 1)];

        foreach (var row in report.Rows)
        {
            yield return ([.. ReportText.Show(report.Query, row)], row.Totals, false);
        }

        if (report.Rest is { } rest)
        {
            yield return (Named($"({NumberFormat.Count(rest.Rows)} more)"), rest.Totals, true);
        }

        yield return (Named("all"), report.Totals, true);
    }

    /// <summary>Removes columns, then shortens names, until a line fits; the room that is left becomes a bar.</summary>
    static int[] Layout(
        Report report, List<Column> columns, List<(string[] Names, UsageTotals Totals, bool IsTotal)> rows, int? width, out int bar)
    {
        var names = report.Query.By.Select((dimension, i) =>
            Math.Max(ReportText.TitleOf(dimension).Length, rows.Max(row => TextWidth.WidthOf(row.Names[i])))).ToArray();
        int WidthOf(Column column) => Math.Max(column.Title.Length, rows.Max(row => column.Show(row.Totals).Length));
        int Needed(IEnumerable<int> nameWidths) => nameWidths.Concat(columns.Select(WidthOf)).Sum(cells => cells + Gap) - Gap;

        bar = 0;
        if (width is { } available)
        {
            var room = available >= WideEnough ? available - MaxBar : available;
            while (columns.Count > 1 && Needed(names.Select(name => Math.Min(name, Math.Max(2 * MinNameWidth, available / 4 / names.Length)))) > room
                && columns.MaxBy(column => column.Rank) is { Rank: > 0 } least)
            {
                columns.Remove(least);
            }

            while (Needed(names) > available && names.Max() > MinNameWidth)
            {
                names[Array.IndexOf(names, names.Max())]--;
            }

            bar = Math.Min(MaxBar, available - Needed(names) - Gap);
            bar = bar < MinBar ? 0 : bar;
        }

        return [.. names, .. columns.Select(WidthOf)];
    }

    /// <summary>A sparkline of the days, under a table that has no rows by time.</summary>
    static void WriteSpark(TextWriter output, Report report, Screen screen)
    {
        const string Label = "By day: ";
        if (screen.Width is not { } width || report.Days.Count < 2 || width < Label.Length + 10)
        {
            return;
        }

        var days = report.Days.TakeLast(width - Label.Length).ToList();
        var isCost = report.Totals.Known?.Dollars > 0;
        var spark = NumberFormat.Spark([.. days.Select(day => isCost ? (double)(day.Totals.Known?.Dollars ?? 0) : day.Totals.All.Total)]);
        output.WriteLine();
        output.WriteLine($"{Label}{Paint(spark, "36", screen)}");
    }

    static string Fit(string text, Screen screen) => screen.Width is { } width ? TextWidth.Fit(text, width) : text;

    static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - TextWidth.WidthOf(text)));

    static string Paint(string text, string code, Screen screen) => screen.HasColor && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    static IEnumerable<string> Wrap(string text, int? width)
    {
        if (width is not { } available)
        {
            yield return text;
            yield break;
        }

        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && TextWidth.WidthOf(line) + 1 + TextWidth.WidthOf(word) > available)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        yield return TextWidth.Fit(line, available);
    }
}
