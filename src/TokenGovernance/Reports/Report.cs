using TokenGovernance.Storage;

namespace TokenGovernance.Reports;

/// <summary>An answer.</summary>
sealed record Report
{
    /// <summary>Reads a report from a store: all its numbers show one moment of it.</summary>
    public static Report Read(UsageStore store, ReportQuery query) => store.Read(() =>
    {
        store.Rollup.Refresh();
        using var snapshot = store.BeginSnapshot();

        return ReportBuilder.Build(query, store.Rollup.Read(query.Range));
    });

    public required ReportQuery Query { get; init; }

    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>What is beyond the rows that were asked for.</summary>
    public required ReportRest? Rest { get; init; }

    /// <summary>Rows and rest.</summary>
    public required ReportSums Totals { get; init; }

    /// <summary>Models of which something has no known price, most responses first.</summary>
    public required IReadOnlyList<UnpricedModel> Unpriced { get; init; }

    /// <summary>Sums of each local day from the first to the last with usage.</summary>
    public required IReadOnlyList<(DateOnly Day, ReportSums Sums)> Days { get; init; }
}

/// <summary>One row: a value of each dimension, and the sums.</summary>
sealed record ReportRow(IReadOnlyList<DimensionValue> Values, ReportSums Sums);

/// <summary>Rows that were not asked for, added up.</summary>
sealed record ReportRest(int Rows, ReportSums Sums);

/// <summary>A model of which some responses have no known price.</summary>
/// <param name="Provider">NULL if nothing names it.</param>
/// <param name="Model">NULL if nothing names it.</param>
/// <param name="Sums">All its responses of the report.</param>
sealed record UnpricedModel(string? Provider, string? Model, ReportSums Sums)
{
    /// <summary>Not one response has a price: a plan pays, it is free, or none was configured.</summary>
    public bool IsNeverPriced => Sums.PricedEvents == 0;

    public string Name => $"{Provider ?? "?"}/{Model ?? "?"}";
}
