using TokenGovernance.Storage;

namespace TokenGovernance.Reports;

/// <summary>Usage added up by dimensions, with totals and what the footnotes need.</summary>
sealed record Report
{
    /// <summary>Reads a report from a store, in one read transaction.</summary>
    public static Report Read(UsageStore store, ReportQuery query) => store.Read(() =>
    {
        store.Rollup.Refresh();
        using var snapshot = store.BeginSnapshot();

        return ReportBuilder.Build(query, store.Rollup.Read(query.Range));
    });

    public required ReportQuery Query { get; init; }

    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>The rows beyond <see cref="ReportQuery.Top" />, added up; NULL if there are none.</summary>
    public required ReportRest? Rest { get; init; }

    /// <summary>All rows and the rest, added up.</summary>
    public required ReportSums Totals { get; init; }

    /// <summary>Models with responses whose price is unknown, most such responses first.</summary>
    public required IReadOnlyList<UnpricedModel> Unpriced { get; init; }

    /// <summary>Sums of each local day from the first to the last with usage.</summary>
    public required IReadOnlyList<(DateOnly Day, ReportSums Sums)> Days { get; init; }
}

/// <summary>One row: a value for each dimension, and its totals.</summary>
sealed record ReportRow(IReadOnlyList<DimensionValue> Values, ReportSums Sums);

/// <summary>Further rows, added up.</summary>
sealed record ReportRest(int Rows, ReportSums Sums);

/// <summary>A model with responses whose price is unknown.</summary>
/// <param name="Provider">NULL if nothing names it.</param>
/// <param name="Model">NULL if nothing names it.</param>
/// <param name="Sums">All its responses of the report.</param>
sealed record UnpricedModel(string? Provider, string? Model, ReportSums Sums)
{
    /// <summary>No response has a price: a subscription covers it, it is free, or no price was configured.</summary>
    public bool IsNeverPriced => Sums.PricedEvents == 0;

    public string Name => $"{Provider ?? "?"}/{Model ?? "?"}";
}
