namespace TokenGovernance.Text;

/// <summary>A column of a table that is fitted to a width.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rank">The column with the highest rank goes first where there is no room; one of rank 0 never goes.</param>
/// <param name="Kind">What its cells are.</param>
sealed record FittedColumn(string Title, int Rank, CellKind Kind = CellKind.Number)
{
    public bool IsName => Kind is CellKind.Name;

    /// <summary>Its cells begin at the left.</summary>
    public bool IsLeft => Kind is not CellKind.Number;
}

/// <summary>What the cells of a column are.</summary>
enum CellKind
{
    /// <summary>Aligned to the right.</summary>
    Number,

    /// <summary>Aligned to the left, and shortened where there is no room.</summary>
    Name,

    /// <summary>Words or a time: aligned to the left, and never shortened.</summary>
    Text,

    /// <summary>A bar for the number beside it: left out before any name is shortened, and not named among what is missing.</summary>
    Chart,
}
