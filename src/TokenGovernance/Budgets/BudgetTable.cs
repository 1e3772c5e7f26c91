using System.Globalization;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Configuration;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets;

/// <summary>Budgets as a table for people.</summary>
static class BudgetTable
{
    static readonly FittedColumn[] Columns =
    [
        new("BUDGET", 0, CellKind.Name), new("SCOPE", 4, CellKind.Name), new("PERIOD", 3, CellKind.Text), new("USED", 0), new("LIMIT", 1), new("SHARE", 2), new("FORECAST", 5),
        new("UNPRICED", 6), new("STATE", 0, CellKind.Text),
    ];

    /// <param name="output">Where to.</param>
    /// <param name="statuses">Rows, in order.</param>
    /// <param name="width">Cells of a line; NULL: no end.</param>
    public static void Write(TextWriter output, IReadOnlyList<BudgetStatus> statuses, int? width)
    {
        FittedTable.Write(output, Columns, [.. statuses.Where(status => !status.IsBefore).Select(RowOf)], width);
        foreach (var status in statuses.Where(status => status is { Estimated: > 0, IsBefore: false }))
        {
            Note($"{BudgetText.Subject(status)}: {BudgetText.Amount(status.Estimated, AmountUnit.Usd)} of it is estimated at list prices (~), not what a subscription costs.");
        }

        foreach (var status in statuses.Where(status => status is { State: BudgetState.Unknown, IsBefore: false }))
        {
            Note(
                $"{BudgetText.Subject(status)}: {NumberFormat.Count(status.MissingEvents)} of {NumberFormat.Count(status.Events, "response")}"
                + (status.UnpricedEvents > 0
                    ? " have no price, so nobody can say that the limit is kept. Limit tokens instead, or let OpenClaw know the price."
                    : " were not measured, so nobody can say that the limit is kept. Limit responses instead."));
        }

        void Note(string text) => TextWidth.WriteWrapped(output, text, width);
    }

    /// <summary>What counts, in the words of the file.</summary>
    public static string ScopeOf(BudgetStatus status) => string.Join(", ",
    [
        .. status.Budget.Where.Select(filter => $"{filter.Dimension.NameOf()}{(filter.IsNot ? "!=" : "=")}{string.Join('|', filter.Names.Select(Shown))}"),
        .. status.Budget.Each is { } each ? [$"{each.NameOf()}={Shown(status.Instance)}"] : Array.Empty<string>(),
    ]) is { Length: > 0 } scope ? scope : "all";

    static string[] RowOf(BudgetStatus status)
    {
        var unit = status.Budget.Limit.Unit;

        return
        [
            status.Budget.Name,
            ScopeOf(status),
            status.Budget.Period.ToString(),
            $"{(status.MissingEvents > 0 ? "≥ " : "")}{(status.Estimated > 0 ? "~ " : "")}{Short(status.Used, unit)}",
            Short(status.Budget.Limit.Value, unit),
            BudgetText.Percent(status.Share),
            status.Forecast is { } forecast ? Short((decimal)forecast.Middle, unit) : status.Budget.Period.IsRolling ? "" : NumberFormat.Unknown,
            status.MissingEvents > 0 ? status.MissingEvents.ToString("#,##0", CultureInfo.InvariantCulture) : "",
            status.State.ToString().ToLowerInvariant(),
        ];
    }

    static string Short(decimal value, AmountUnit unit) => unit is AmountUnit.Usd
        ? BudgetText.Amount(value, unit)
        : value.ToString("#,##0", CultureInfo.InvariantCulture);

    static string Shown(string name) => name.Length > 0 ? PrintableText.Of(name) : "unknown";
}
