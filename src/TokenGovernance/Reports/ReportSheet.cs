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
        SheetRow Row(IEnumerable<string> named, IEnumerable<string> detail, UsageTotals totals, bool isTotal) => new(
            [.. named, .. detail, .. columns.Select(column => column.Show(totals))],
            isTotal,
            !isTotal && most > 0 ? (Columns.ShareOf(totals, report.Totals) ?? 0) / most : null,
            report.Totals.Known?.Dollars > 0 ? NumberFormat.Dollars(totals.Known?.Dollars) : NumberFormat.Tokens(totals.All.Total));

        return new Sheet
        {
            Title = ReportText.Title(report),
            IsTimeline = names is [var only] && only.IsTime(),
            Headline = report.Totals.All.Events == 0 ? "No usage." : ReportText.Headline(report),
            Columns =
            [
                .. names.Select(name => new FittedColumn(ReportText.TitleOf(name), 0, IsName: true)),
                .. details,
                .. columns.Select(column => new FittedColumn(column.Title, column.Rank)),
            ],
            Rows = report.Totals.All.Events == 0 ? [] :
            [
                .. report.Rows.Zip(cells, (row, named) => Row(named, DetailCells(report.Query, row), row.Totals, isTotal: false)),
                .. report.Rest is { } rest ? [Row(Named($"({NumberFormat.Count(rest.Rows)} more)", names.Count), details.Select(_ => ""), rest.Totals, isTotal: true)] : Array.Empty<SheetRow>(),
                Row(Named("all", names.Count), details.Select(_ => ""), report.Totals, isTotal: true),
            ],
            BarScale = most > 0 ? ScaleOf(report) : null,
            Days = [.. report.Days.Select(day => (day.Day, report.Totals.Known?.Dollars > 0 ? (double)(day.Totals.Known?.Dollars ?? 0) : day.Totals.All.Total))],
            Notes = report.Totals.All.Events == 0 ? ReportText.FreshnessNotes(report) : ReportText.Notes(report),
        };
    }

    static FittedColumn[] DetailColumns(RowDetail detail) => detail switch
    {
        RowDetail.Session => [new("MODEL", 0, IsName: true), new("START", 3, IsName: true), new("LAST", 2, IsName: true)],
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

    static IEnumerable<string> Named(string name, int count) => Enumerable.Repeat("", Math.Max(0, count - 1)).Prepend(name).Take(count);

    static string ScaleOf(Report report) => report.Totals.Known?.Dollars > 0
        ? NumberFormat.Dollars(report.Rows.Max(row => row.Totals.Known?.Dollars))
        : NumberFormat.Tokens(report.Rows.Max(row => row.Totals.All.Total));
}
