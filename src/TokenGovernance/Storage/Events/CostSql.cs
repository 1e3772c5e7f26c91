using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Events;

/// <summary><see cref="CostRule" /> in SQL.</summary>
static class CostSql
{
    /// <summary>A condition that is true where an amount is known, and false or NULL where it is not.</summary>
    /// <param name="column">A column that holds a `cost_source`.</param>
    public static string IsKnown(string column) =>
        $"{column} IN ({string.Join(", ", CostRule.KnownTexts.Select(text => $"'{text}'"))})";
}
