using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A comparison as people read it.</summary>
static class ComparisonSheet
{
    static readonly FittedColumn[] Numbers =
    [
        new("COST", 0), new("BEFORE", 1), new("Δ COST", 2), new("Δ %", 0), new("TOKENS", 4), new("TOKENS BEFORE", 7), new("Δ TOKENS", 6), new("Δ % TOKENS", 5),
        new("RESPONSES", 8), new("RESPONSES BEFORE", 10), new("Δ RESPONSES", 9),
    ];

    public static Sheet Of(Comparison comparison)
    {
        var names = comparison.Query.By;
        var cells = RowNames.Of(comparison.Now with { Query = comparison.Query with { NowMs = null }, Rows = [.. comparison.Rows.Select(row => row.Names)] });
        var most = comparison.Rows.Select(row => Math.Abs(SizeOf(comparison, row.Now, row.Before))).DefaultIfEmpty().Max();
        SheetRow Row(IEnumerable<string> named, UsageTotals now, UsageTotals before, bool isTotal) => new(
            [.. named, .. Cells(now, before)], isTotal, isTotal || most == 0 ? null : SizeOf(comparison, now, before) / most,
            comparison.IsByCost ? NumberFormat.DollarsChange((decimal)SizeOf(comparison, now, before)) : NumberFormat.TokensChange((Int128)SizeOf(comparison, now, before)));
        IEnumerable<string> Named(string name) => Enumerable.Repeat("", names.Count - 1).Prepend(name);
        var isEmpty = comparison.Rows.Count == 0;

        return new Sheet
        {
            Title = $"{ReportText.Title(comparison.Now with { Query = comparison.Query with { Range = comparison.Period.Now } })}, against {Before(comparison)}",
            Headline = isEmpty ? "No usage." : Headline(comparison),
            Columns = [.. names.Select(name => new FittedColumn(ReportText.TitleOf(name), 0, CellKind.Name)), .. Numbers],
            Rows = isEmpty ? [] :
            [
                .. comparison.Rows.Zip(cells, (row, named) => Row(named, row.Now, row.Before, isTotal: false)),
                .. comparison.Rest is { } rest ? [Row(Named($"({NumberFormat.Count(rest.Rows)} more)"), rest.Now, rest.Before, isTotal: true)] : Array.Empty<SheetRow>(),
                Row(Named("all"), comparison.Now.Totals, comparison.Before.Totals, isTotal: true),
            ],
            BarScale = most > 0 ? comparison.IsByCost ? NumberFormat.Dollars((decimal)most) : NumberFormat.Tokens(most) : null,
            Notes = Notes(comparison),
        };
    }

    static double SizeOf(Comparison comparison, UsageTotals now, UsageTotals before) => comparison.IsByCost
        ? (double)((now.Known?.Dollars ?? 0) - (before.Known?.Dollars ?? 0))
        : (double)((Int128)now.All.Total - before.All.Total);

    static string[] Cells(UsageTotals now, UsageTotals before) =>
    [
        NumberFormat.Dollars(now.Known?.Dollars),
        NumberFormat.Dollars(before.Known?.Dollars),
        now.Known is null && before.Known is null ? NumberFormat.Unknown : NumberFormat.DollarsChange((now.Known?.Dollars ?? 0) - (before.Known?.Dollars ?? 0)),
        now.Known is null && before.Known is null
            ? before.All.Events == 0 || now.All.Events == 0 ? NumberFormat.Change(before.All.Events, now.All.Events) : NumberFormat.Unknown
            : NumberFormat.Change((double?)before.Known?.Dollars, (double?)now.Known?.Dollars),
        NumberFormat.Tokens(now.All.Total),
        NumberFormat.Tokens(before.All.Total),
        NumberFormat.TokensChange((Int128)now.All.Total - before.All.Total),
        NumberFormat.Change(before.All.Total, now.All.Total),
        NumberFormat.Count(now.All.Events),
        NumberFormat.Count(before.All.Events),
        NumberFormat.CountChange((Int128)now.All.Events - before.All.Events),
    ];

    static string Before(Comparison comparison) =>
        ReportText.Span(comparison.Period.Before, comparison.Query.Zone) + (comparison.Period.IsUnfinished && comparison.Period.Before.BeforeMs != comparison.Period.Now.FromMs ? " (the same part)" : "");

    static string Headline(Comparison comparison)
    {
        var (now, before) = (comparison.Now.Totals, comparison.Before.Totals);
        var cost = comparison.IsByCost
            ? $"{NumberFormat.Dollars(now.Known?.Dollars)} known cost against {NumberFormat.Dollars(before.Known?.Dollars)} ({NumberFormat.Change((double?)before.Known?.Dollars, (double?)now.Known?.Dollars)})"
            : "no cost known";

        return $"{cost} · {NumberFormat.Tokens(now.All.Total)} tokens against {NumberFormat.Tokens(before.All.Total)} ({NumberFormat.Change(before.All.Total, now.All.Total)})";
    }

    static List<string> Notes(Comparison comparison)
    {
        var notes = comparison.Now.Spikes.Select(SpikeText.Of).ToList();
        var (news, gone) = (comparison.Rows.Count(row => row.IsNew), comparison.Rows.Count(row => row.IsGone));
        if (news + gone > 0)
        {
            notes.Add($"{string.Join(", ", new[] { news > 0 ? $"{NumberFormat.Count(news)} new" : null, gone > 0 ? $"{NumberFormat.Count(gone)} gone" : null }.OfType<string>())}.");
        }

        if (comparison.Now.Totals.Unpriced.Events + comparison.Before.Totals.Unpriced.Events > 0)
        {
            notes.Add(
                $"{NumberFormat.Count(comparison.Now.Totals.Unpriced.Events, "response")} now and {NumberFormat.Count(comparison.Before.Totals.Unpriced.Events)} before"
                + " have no known price and are not included in the cost.");
        }

        return [.. notes, .. ReportText.FreshnessNotes(comparison.Now with { Query = comparison.Query with { Range = comparison.Period.Now } })];
    }
}
