namespace TokenGovernance.Fleet;

/// <summary>Rows on their way to the fleet's database.</summary>
/// <param name="columns">What they hold.</param>
sealed class RowBlock(IReadOnlyList<FleetColumn> columns)
{
    public IReadOnlyList<FleetColumn> Columns { get; } = columns;

    /// <summary>The values of each row: a string, a long, a double, bytes, a <see cref="DateTime" /> or NULL.</summary>
    public List<object?[]> Rows { get; } = [];
}
