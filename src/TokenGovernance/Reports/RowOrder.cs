using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Orders of rows. Ties are broken by name, so that a report is the same each time.</summary>
static class RowOrder
{
    /// <summary>By the dimensions in turn: spans of time chronologically, names alphabetically.</summary>
    public static int ByName(ReportRow a, ReportRow b)
    {
        for (var i = 0; i < a.Values.Count; i++)
        {
            var (one, other) = (a.Values[i], b.Values[i]);
            var order = one.Order.CompareTo(other.Order);
            if (order == 0)
            {
                order = string.CompareOrdinal(one.Id, other.Id);
            }

            if (order == 0)
            {
                order = string.CompareOrdinal(one.Label, other.Label);
            }

            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>The largest first; an unknown cost comes after every known one.</summary>
    public static Comparison<ReportRow> Largest(SortBy sort) => (a, b) =>
    {
        var order = sort switch
        {
            SortBy.Cost => (b.Totals.Known ?? new Money(-1)).CompareTo(a.Totals.Known ?? new Money(-1)),
            SortBy.Events => b.Totals.All.Events.CompareTo(a.Totals.All.Events),
            _ => 0,
        };
        order = order != 0 ? order : b.Totals.All.Total.CompareTo(a.Totals.All.Total);

        return order != 0 ? order : ByName(a, b);
    };
}
