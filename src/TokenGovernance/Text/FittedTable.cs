using System.Text;

namespace TokenGovernance.Text;

/// <summary>A column of a table that is fitted to a width.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rank">The column with the highest rank goes first where there is no room; one of rank 0 never goes.</param>
/// <param name="IsName">It is a name: aligned to the left, and shortened where there is no room.</param>
sealed record FittedColumn(string Title, int Rank, bool IsName = false);

/// <summary>Aligned rows that fit a number of cells: columns go, the least important first, before names become unreadable.</summary>
sealed class FittedTable
{
    const int Gap = 2;

    /// <summary>A name stays at least this wide while a number could go instead.</summary>
    const int ReadableName = 20;

    /// <summary>Nor does it ever become narrower than this, where the line can be that long at all.</summary>
    const int LeastName = 6;

    /// <summary>Columns up to this rank are worth more than the whole of a name.</summary>
    const int WorthMoreThanNames = 1;

    readonly List<(FittedColumn Column, string[] Cells)> _columns;
    readonly Dictionary<FittedColumn, (string Title, string[] Cells)> _whole = new(ReferenceEqualityComparer.Instance);
    readonly StringBuilder _line = new();
    readonly int? _width;
    readonly int[]? _widths;

    /// <param name="columns">All columns.</param>
    /// <param name="rows">A cell a column.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    public FittedTable(IReadOnlyList<FittedColumn> columns, IReadOnlyList<string[]> rows, int? width)
    {
        _width = width;
        var dropped = new List<FittedColumn>();
        if (width is { } available)
        {
            rows = [.. rows];
            _columns = [.. columns.Select((column, i) => (column, rows.Select(row => row[i]).ToArray()))];
            Fit(available, dropped);

            // Once: a line must not look at all rows.
            _widths = [.. _columns.Select(WidthOf)];
        }
        else
        {
            // Nothing is fitted: the rows are not turned into columns.
            _columns = [.. columns.Select(column => (column, Array.Empty<string>()))];
            _widths = WidthsOf(columns, rows);
        }

        Dropped = [.. columns.Where(dropped.Contains).Select(column => column.Title)];
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

    static int WidthOf((FittedColumn Column, string[] Cells) column) =>
        column.Cells.Select(TextWidth.WidthOf).Append(TextWidth.WidthOf(column.Column.Title)).Max();

    void Fit(int available, List<FittedColumn> dropped)
    {
        Drop(available, dropped, WorthMoreThanNames + 1);
        while (Width > available
            && Enumerable.Range(0, _columns.Count).Where(i => _columns[i].Column.IsName && WidthOf(_columns[i]) > LeastName).ToList() is { Count: > 0 } names)
        {
            var longest = names.MaxBy(i => WidthOf(_columns[i]));
            var width = WidthOf(_columns[longest]);
            var whole = _whole.GetValueOrDefault(_columns[longest].Column, (_columns[longest].Column.Title, _columns[longest].Cells));
            var cells = NameShortener.Shorten(whole.Cells, width - 1);
            var shorter = _columns[longest].Column with { Title = TextWidth.Fit(whole.Title, width - 1) };
            if (cells.Select(TextWidth.WidthOf).Append(TextWidth.WidthOf(shorter.Title)).Max() >= width)
            {
                break;
            }

            _whole[shorter] = whole;
            _columns[longest] = (shorter, cells);
        }

        Drop(available, dropped, 1);
    }

    /// <summary>Removes columns of a rank or more, as long as readable names do not fit.</summary>
    void Drop(int available, List<FittedColumn> dropped, int leastRank)
    {
        while (_columns.Sum(column => Gap + (column.Column.IsName ? Math.Min(WidthOf(column), ReadableName) : WidthOf(column))) - Gap > available
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
            var isName = _columns[i].Column.IsName;
            _line.Append(' ', (i > 0 ? Gap : 0) + (isName ? 0 : space)).Append(cell).Append(' ', isName ? space : 0);
            i++;
        }

        var line = _line.ToString().TrimEnd();

        return _width is { } width ? TextWidth.Fit(line, width) : line;
    }
}
