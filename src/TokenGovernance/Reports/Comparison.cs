using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Reports;

/// <summary>A period against the one before, row by row; what changed most comes first.</summary>
sealed record Comparison
{
    /// <summary>Of the period.</summary>
    public required ReportQuery Query { get; init; }

    public required PeriodPair Period { get; init; }

    public required IReadOnlyList<ComparisonRow> Rows { get; init; }

    /// <summary>The rows beyond <see cref="ReportQuery.Top" />, added up; NULL if there are none.</summary>
    public required (int Rows, UsageTotals Now, UsageTotals Before)? Rest { get; init; }

    /// <summary>Reports of both periods, for their totals and footnotes.</summary>
    public required Report Now { get; init; }

    public required Report Before { get; init; }

    /// <summary>Compares in dollars, or in tokens where no cost is known.</summary>
    public bool IsByCost => Now.Totals.Known?.Dollars > 0 || Before.Totals.Known?.Dollars > 0;

    /// <summary>Reads a comparison, all of one moment.</summary>
    /// <param name="store">From where.</param>
    /// <param name="query">Of the period; it names no span of time but weekdays.</param>
    /// <param name="period">The period and the one before.</param>
    public static Comparison Read(IStore store, ReportQuery query, PeriodPair period) => store.Read(reader =>
    {
        using var rollup = reader.OpenRollup();
        using var responses = reader.OpenResponses();
        var plain = query with { Top = null, NowMs = null, Detail = RowDetail.None };

        return Of(
            query, period, Report.Read(reader, rollup, responses, plain with { Range = period.Now, WithSpikes = true }),
            Report.Read(reader, rollup, responses, plain with { Range = period.Before }));
    });

    static Comparison Of(ReportQuery query, PeriodPair period, Report now, Report before)
    {
        static string KeyOf(ReportRow row) => $"{row.Id}\n{string.Join('\n', row.Values.Where(value => value.Order != 0).Select(value => value.Id))}";

        var nothing = new UsageTotals();
        var old = before.Rows.ToDictionary(KeyOf, StringComparer.Ordinal);
        var current = now.Rows.ToDictionary(KeyOf, StringComparer.Ordinal);
        var rows = now.Rows.Select(row => new ComparisonRow(row, row.Totals, old.GetValueOrDefault(KeyOf(row))?.Totals ?? nothing))
            .Concat(before.Rows.Where(row => !current.ContainsKey(KeyOf(row))).Select(row => new ComparisonRow(row, nothing, row.Totals)))
            .OrderByDescending(row => Math.Abs(row.CostChange)).ThenByDescending(row => Int128.Abs(row.TokensChange))
            .ThenBy(row => row.Names, Comparer<ReportRow>.Create(RowOrder.ByName)).ToList();
        var comparison = new Comparison { Query = query, Period = period, Rows = rows, Rest = null, Now = now, Before = before };

        return query.Top is { } top && rows.Count > top
            ? comparison with { Rows = rows[..top], Rest = (rows.Count - top, Sum(rows.Skip(top), row => row.Now), Sum(rows.Skip(top), row => row.Before)) }
            : comparison;
    }

    static UsageTotals Sum(IEnumerable<ComparisonRow> rows, Func<ComparisonRow, UsageTotals> of)
    {
        var sum = new UsageTotals();
        foreach (var row in rows)
        {
            sum.Add(of(row));
        }

        return sum;
    }
}

/// <summary>What is compared, then and now.</summary>
/// <param name="Names">A row with its names; its numbers are those of one of the periods.</param>
sealed record ComparisonRow(ReportRow Names, UsageTotals Now, UsageTotals Before)
{
    /// <summary>In dollars that are known.</summary>
    public decimal CostChange => (Now.Known?.Dollars ?? 0) - (Before.Known?.Dollars ?? 0);

    public Int128 TokensChange => (Int128)Now.All.Total - Before.All.Total;

    public bool IsNew => Before.All.Events == 0;

    public bool IsGone => Now.All.Events == 0;
}
