using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>An answer as people read it, whatever it is written as: a table, Markdown, or a page.</summary>
sealed record Sheet
{
    /// <summary>What was asked.</summary>
    public required string Title { get; init; }

    /// <summary>The answer in one line; empty if there is none.</summary>
    public required string Headline { get; init; }

    public required IReadOnlyList<FittedColumn> Columns { get; init; }

    public required IReadOnlyList<SheetRow> Rows { get; init; }

    /// <summary>What a full bar stands for, such as "$0.61"; NULL: there are no bars.</summary>
    public string? BarScale { get; init; }

    /// <summary>Rows are spans of time, one after another.</summary>
    public bool IsTimeline { get; init; }

    /// <summary>The last days, oldest first, with a number each; empty if they were not asked for.</summary>
    public IReadOnlyList<(DateOnly Day, double Value)> Days { get; init; } = [];

    /// <summary>Footnotes: a line each, only what applies.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One row of a sheet.</summary>
/// <param name="Cells">A cell a column, printable.</param>
/// <param name="IsTotal">It adds up others.</param>
/// <param name="Bar">Of a full bar, from -1 to 1; NULL: none.</param>
/// <param name="BarText">The number that the bar stands for.</param>
sealed record SheetRow(string[] Cells, bool IsTotal = false, double? Bar = null, string BarText = "");
