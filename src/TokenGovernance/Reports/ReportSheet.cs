using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as people read it.</summary>
static class ReportSheet
{
    public static Sheet Of(Report report)
    {
        var names = report.Query.By;
        var columns = Columns.Of(report);
        var cells = RowNames.Of(report);
        var most = report.Rows.Select(row => Columns.ShareOf(row.Totals, report.Totals) ?? 0).DefaultIfEmpty().Max();
        var details = DetailColumns(report.Query.Detail);
        var first = names.Count + details.Length;
        var barCell = first + columns.Index().First(column => column.Item.Title == Columns.BarTitle(report.Totals)).Index;
        SheetRow Row(string[] named, string[] detail, UsageTotals totals, bool isTotal)
        {
            var cells = new string[first + columns.Count];
            named.CopyTo(cells, 0);
            detail.CopyTo(cells, names.Count);
            for (var i = 0; i < columns.Count; i++)
            {
                cells[first + i] = columns[i].Show(totals);
            }

            return new SheetRow(cells, isTotal, !isTotal && most > 0 ? (Columns.ShareOf(totals, report.Totals) ?? 0) / most : null, cells[barCell]);
        }

        List<SheetRow> sums =
        [
            .. report.Rest is { } rest ? [Row(Named($"({NumberFormat.Count(rest.Rows)} more)", names.Count), Blank(details), rest.Totals, isTotal: true)] : Array.Empty<SheetRow>(),
            Row(Named("all", names.Count), Blank(details), report.Totals, isTotal: true),
        ];

        return new Sheet
        {
            Title = ReportText.Title(report),
            IsTimeline = names is [var only] && only.IsTime(),
            Headline = report.Totals.All.Events == 0 ? "No usage." : ReportText.Headline(report),
            Columns =
            [
                .. names.Select(name => new FittedColumn(ReportText.TitleOf(name), 0, CellKind.Name)),
                .. details,
                .. columns.Select(column => new FittedColumn(column.Title, column.Rank)),
            ],
            Rows = report.Totals.All.Events == 0 ? [] : new RowsOnDemand<SheetRow>(report.Rows.Count + sums.Count, i => i < report.Rows.Count
                ? Row(cells[i], DetailCells(report.Query, report.Rows[i]), report.Rows[i].Totals, isTotal: false)
                : sums[i - report.Rows.Count]),
            BarScale = most > 0 ? ScaleOf(report) : null,
            Days = [.. report.Days.Select(day => (day.Day, report.Totals.Known?.Dollars > 0 ? (double)(day.Totals.Known?.Dollars ?? 0) : day.Totals.All.Total))],
            Notes = report.Totals.All.Events == 0 ? ReportText.FreshnessNotes(report) : ReportText.Notes(report),
        };
    }

    static FittedColumn[] DetailColumns(RowDetail detail) => detail switch
    {
        RowDetail.Session => [new("MODEL", 0, CellKind.Name), new("START", 3, CellKind.Text), new("LAST", 2, CellKind.Text)],
        RowDetail.Job => [new("RUNS", 1), new("$/RUN", 1)],
        _ => [],
    };

    static string[] DetailCells(ReportQuery query, ReportRow row) => row switch
    {
        { Session: { } session } =>
        [
            PrintableText.Of(session.Model.Model ?? NumberFormat.Unknown) + (session.Models.Count > 1 ? $" +{session.Models.Count - 1}" : ""),
            session.FirstMs is { } first ? MomentText.Minute(first, query.Zone) : NumberFormat.Unknown,
            session.LastMs is { } last ? MomentText.Minute(last, query.Zone) : NumberFormat.Unknown,
        ],
        { Runs: { } runs } => [NumberFormat.Count(runs), NumberFormat.Dollars(runs > 0 ? row.Totals.Known?.Dollars / runs : null)],
        _ when query.Detail is RowDetail.Job => [NumberFormat.Unknown, NumberFormat.Unknown],
        _ => [],
    };

    static string[] Named(string name, int count) => [.. Enumerable.Repeat("", Math.Max(0, count - 1)).Prepend(name).Take(count)];

    static string[] Blank(FittedColumn[] columns) => [.. columns.Select(_ => "")];

    static string ScaleOf(Report report) => report.Totals.Known?.Dollars > 0
        ? NumberFormat.Dollars(report.Rows.Max(row => row.Totals.Known?.Dollars))
        : NumberFormat.Tokens(report.Rows.Max(row => row.Totals.All.Total));
}
