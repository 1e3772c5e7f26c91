using System.Text;

namespace TokenGovernance.Text;

/// <summary>Aligned rows that fit a number of cells: columns go, the least important first, before names become unreadable.</summary>
sealed class FittedTable
{
    /// <summary>Lines are written together, up to about so many characters: each time is a call of the system.</summary>
    const int BlockSize = 1 << 15;

    const int Gap = 2;

    /// <summary>A name stays at least this wide while a number could go instead.</summary>
    const int ReadableName = 20;

    /// <summary>Nor does it ever become narrower than this, where the line can be that long at all.</summary>
    const int LeastName = 6;

    /// <summary>Columns up to this rank are worth more than the whole of a name.</summary>
    const int WorthMoreThanNames = 1;

    /// <summary>Columns from this rank on are worth less than bars beside whole names.</summary>
    const int WorthLessThanBars = 4;

    readonly List<(FittedColumn Column, string[] Cells)> _columns;
    readonly Dictionary<FittedColumn, (string Title, string[] Cells)> _whole = new(ReferenceEqualityComparer.Instance);
    readonly StringBuilder _line = new();
    readonly int? _width;
    readonly int _sums;
    readonly int[]? _widths;

    /// <param name="columns">All columns.</param>
    /// <param name="rows">A cell a column.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    /// <param name="reserved">Cells that numbers leave free for bars; names may use them.</param>
    /// <param name="sums">How many of the last rows add up others: what they are called is never shortened.</param>
    public FittedTable(IReadOnlyList<FittedColumn> columns, IReadOnlyList<string[]> rows, int? width, int reserved = 0, int sums = 0)
    {
        (_width, _sums) = (width, sums);
        var dropped = new List<FittedColumn>();
        if (width is { } available)
        {
            rows = [.. rows];
            _columns = [.. columns.Select((column, i) => (column, rows.Select(row => row[i]).ToArray()))];
            Fit(available, reserved, dropped);

            // Once: a line must not look at all rows.
            _widths = [.. _columns.Select(WidthOf)];
        }
        else
        {
            // Nothing is fitted: the rows are not turned into columns.
            _columns = [.. columns.Select(column => (column, Array.Empty<string>()))];
            _widths = WidthsOf(columns, rows);
        }

        // By their whole titles: one may have been shortened before it went.
        var missing = dropped.Select(column => _whole.TryGetValue(column, out var whole) ? whole.Title : column.Title).ToHashSet(StringComparer.Ordinal);
        Dropped = [.. columns.Where(column => column.Kind is not CellKind.Chart && missing.Contains(column.Title)).Select(column => column.Title)];
        Head = Line(_columns.Select(column => column.Column.Title));
    }

    public string Head { get; }

    /// <summary>Titles of the columns that there was no room for.</summary>
    public IReadOnlyList<string> Dropped { get; }

    /// <summary>Cells of a line.</summary>
    public int Width => _widths is null ? _columns.Sum(column => WidthOf(column) + Gap) - Gap : _widths.Sum(width => width + Gap) - Gap;

    /// <summary>A row, without space behind it.</summary>
    /// <param name="row">Its number, from 0.</param>
    /// <param name="cells">All its cells, as they were given.</param>
    public string Format(int row, string[] cells) => Line(_width is null ? cells : _columns.Select(column => column.Cells[row]));

    /// <summary>Writes a whole table, and below it what there was no room for.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="columns">All columns.</param>
    /// <param name="rows">A cell a column.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    /// <param name="sums">How many of the last rows add up others.</param>
    public static void Write(TextWriter output, IReadOnlyList<FittedColumn> columns, IReadOnlyList<string[]> rows, int? width, int sums = 0)
    {
        var table = new FittedTable(columns, rows, width, sums: sums);
        var block = new StringBuilder(table.Head).Append(output.NewLine);
        foreach (var (i, row) in rows.Index())
        {
            block.Append(table.Format(i, row)).Append(output.NewLine);
            if (block.Length > BlockSize)
            {
                output.Write(block);
                block.Clear();
            }
        }

        output.Write(block);
        if (MissingOf(table.Dropped) is { } missing)
        {
            TextWidth.WriteWrapped(output, missing, width);
        }
    }

    static int WidthOf((FittedColumn Column, string[] Cells) column) =>
        column.Cells.Select(TextWidth.WidthOf).Append(TextWidth.WidthOf(column.Column.Title)).Max();

    /// <summary>Such as "Not shown at this width: INPUT, OUTPUT."; NULL where nothing is missing.</summary>
    public static string? MissingOf(IReadOnlyCollection<string> titles) => titles.Count > 0 ? $"Not shown at this width: {string.Join(", ", titles)}." : null;

    void Fit(int available, int reserved, List<FittedColumn> dropped)
    {
        while (Width > available && _columns.FindIndex(column => column.Column.Kind is CellKind.Chart) is >= 0 and var chart)
        {
            _columns.RemoveAt(chart);
        }

        Drop(available - reserved, dropped, WorthMoreThanNames + 1, ReadableName);
        if (reserved > 0)
        {
            KeepBars(available - reserved, dropped);
        }

        while (Width > available
            && Enumerable.Range(0, _columns.Count).Where(i => _columns[i].Column.IsName && WidthOf(_columns[i]) > LeastOf(_columns[i].Cells)).ToList() is { Count: > 0 } names)
        {
            var longest = names.MaxBy(i => WidthOf(_columns[i]));
            var width = WidthOf(_columns[longest]);
            var whole = _whole.GetValueOrDefault(_columns[longest].Column, (_columns[longest].Column.Title, _columns[longest].Cells));
            string[] cells = [.. NameShortener.Shorten(whole.Cells[..^_sums], width - 1), .. whole.Cells[^_sums..]];
            var shorter = _columns[longest].Column with { Title = TextWidth.Fit(whole.Title, width - 1) };
            if (cells.Select(TextWidth.WidthOf).Append(TextWidth.WidthOf(shorter.Title)).Max() >= width)
            {
                break;
            }

            _whole[shorter] = whole;
            _columns[longest] = (shorter, cells);
        }

        Drop(available, dropped, 1, int.MaxValue);
    }

    /// <summary>Removes less important columns if that leaves names whole and bars room; otherwise the bars go, not the names.</summary>
    void KeepBars(int available, List<FittedColumn> dropped)
    {
        var (columns, count) = (_columns.ToList(), dropped.Count);
        Drop(available, dropped, WorthLessThanBars, int.MaxValue);
        if (Width > available)
        {
            _columns.Clear();
            _columns.AddRange(columns);
            dropped.RemoveRange(count, dropped.Count - count);
        }
    }

    /// <summary>The least width of a column of names.</summary>
    int LeastOf(string[] cells) => cells[^_sums..].Select(TextWidth.WidthOf).Append(LeastName).Max();

    /// <summary>Removes columns of a rank or more, as long as names of a width do not fit.</summary>
    void Drop(int available, List<FittedColumn> dropped, int leastRank, int nameWidth)
    {
        while (_columns.Sum(column => Gap + (column.Column.IsName ? Math.Min(WidthOf(column), nameWidth) : WidthOf(column))) - Gap > available
            && _columns.Where(column => column.Column.Rank >= leastRank).ToList() is { Count: > 0 } candidates)
        {
            var least = candidates.MaxBy(column => column.Column.Rank);
            dropped.Add(least.Column);
            _columns.Remove(least);
        }
    }

    static int[] WidthsOf(IReadOnlyList<FittedColumn> columns, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. columns.Select(column => TextWidth.WidthOf(column.Title))];
        foreach (var row in rows)
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], TextWidth.WidthOf(row[i]));
            }
        }

        return widths;
    }

    string Line(IEnumerable<string> cells)
    {
        _line.Clear();
        var i = 0;
        foreach (var cell in cells)
        {
            var space = Math.Max(0, _widths![i] - TextWidth.WidthOf(cell));
            var isLeft = _columns[i].Column.IsLeft;
            _line.Append(' ', (i > 0 ? Gap : 0) + (isLeft ? 0 : space)).Append(cell).Append(' ', isLeft ? space : 0);
            i++;
        }

        var line = _line.ToString().TrimEnd();

        return _width is { } width ? TextWidth.Fit(line, width) : line;
    }
}
