using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

/// <summary>A recorded cost in fewer bytes: a whole number of billionths where that says the double exactly, else the double.</summary>
/// <remarks>The views of the schema decode it: a whole number divided by 1e9, which gives the double that was recorded.</remarks>
static class CompactCost
{
    const double Billion = 1e9;

    /// <summary>Below this, billionths are exact in a double.</summary>
    const double Largest = 9e6;

    /// <summary>The dollars of a whole number of billionths.</summary>
    public static double Decode(long billionths) => billionths / Billion;

    public static void Bind(RawStatement statement, int parameter, double? dollars)
    {
        if (dollars is { } cost && Math.Abs(cost) < Largest && (long)Math.Round(cost * Billion) is var billionths && billionths / Billion == cost)
        {
            statement.Bind(parameter, billionths);
        }
        else
        {
            statement.Bind(parameter, dollars);
        }
    }
}
