using System.Globalization;
using System.Text;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>An answer as aligned text: fitted to a terminal, with small charts; with all columns in a pipe.</summary>
static class TableFormat
{
    /// <summary>Standard output is written at each call: lines one by one would take longer than making them.</summary>
    const int BlockSize = 1 << 15;

    const int MinBar = 8, MaxBar = 24, Gap = 2, WideEnough = 100;

    public static void Write(TextWriter output, Report report, Screen screen) => Write(output, ReportSheet.Of(report), screen);

    public static void Write(TextWriter output, Sheet sheet, Screen screen)
    {
        foreach (var line in screen.Wrap(sheet.Title))
        {
            output.WriteLine(screen.Paint(line, "1"));
        }

        if (sheet.Headline.Length > 0)
        {
            TextWidth.WriteWrapped(output, sheet.Headline, screen.Width);
        }

        IReadOnlyList<string> dropped = [];
        if (sheet.Rows.Count > 0)
        {
            output.WriteLine();
            dropped = WriteRows(output, sheet, screen);
            WriteSpark(output, sheet, screen);
        }

        List<string> notes = [.. sheet.Notes, .. FittedTable.MissingOf(dropped) is { } missing ? [missing] : Array.Empty<string>()];
        if (notes.Count > 0)
        {
            output.WriteLine();
            notes.ForEach(note => screen.WriteNote(output, note));
        }
    }

    /// <returns>Titles of the columns that there was no room for.</returns>
    static IReadOnlyList<string> WriteRows(TextWriter output, Sheet sheet, Screen screen)
    {
        var reserved = screen.Width >= WideEnough && sheet.BarScale is not null ? MinBar + Gap : 0;
        var sums = 0;
        while (sums < sheet.Rows.Count && sheet.Rows[sheet.Rows.Count - 1 - sums].IsTotal)
        {
            sums++;
        }

        var table = new FittedTable(sheet.Columns, new RowsOnDemand<string[]>(sheet.Rows.Count, i => sheet.Rows[i].Cells), screen.Width, reserved, sums);
        var bar = sheet.BarScale is null || screen.Width is not { } width ? 0 : Math.Min(MaxBar, width - table.Width - Gap);
        bar = bar < MinBar ? 0 : bar;
        string WithBar(string line, string rest) => bar == 0 ? line : line + new string(' ', Math.Max(0, table.Width + Gap - TextWidth.WidthOf(line))) + rest;

        output.WriteLine(screen.Paint(WithBar(table.Head, ScaleOf(sheet.BarScale ?? "", bar)), "2"));
        var block = new StringBuilder();
        for (var i = 0; i < sheet.Rows.Count; i++)
        {
            var row = sheet.Rows[i];
            var line = table.Format(i, row.Cells);
            block.Append(row.Bar is { } share && bar > 0
                ? WithBar(line, screen.Paint(NumberFormat.Bar(Math.Abs(share), bar), share < 0 ? "32" : "36")).TrimEnd()
                : row.IsTotal ? screen.Paint(line, "1") : line).Append(output.NewLine);
            if (block.Length > BlockSize)
            {
                output.Write(block);
                block.Clear();
            }
        }

        output.Write(block);

        return table.Dropped;
    }

    /// <summary>Where bars begin and end; only the end where there is no room for both.</summary>
    static string ScaleOf(string most, int bar) => TextWidth.WidthOf(most) + 2 > bar ? TextWidth.Fit(most, bar).PadLeft(bar) : "0" + most.PadLeft(bar - 1);

    /// <summary>A sparkline of the days, under a table that has no rows by time; it says if a tick is several days.</summary>
    static void WriteSpark(TextWriter output, Sheet sheet, Screen screen)
    {
        if (screen.Width is not { } width || sheet.Days.Count < 2)
        {
            return;
        }

        var (first, last) = (Day(sheet.Days[0].Day), Day(sheet.Days[^1].Day));
        var room = width - first.Length - last.Length - 2;
        var joined = 1;
        while (sheet.Days.Count > room * joined)
        {
            joined++;
        }

        if (joined > 1)
        {
            room -= $" ({joined} days a tick)".Length;
            while (sheet.Days.Count > room * joined && joined < sheet.Days.Count)
            {
                joined++;
            }
        }

        if (room < 4)
        {
            return;
        }

        var spark = NumberFormat.Spark([.. sheet.Days.Reverse().Chunk(joined).Select(days => days.Sum(day => day.Value)).Reverse()]);
        output.WriteLine();
        output.WriteLine($"{first} {screen.Paint(spark, "36")} {last}{(joined > 1 ? $" ({joined} days a tick)" : "")}");
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
