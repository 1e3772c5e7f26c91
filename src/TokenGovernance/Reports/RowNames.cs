using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>The names of rows as people know them: ids short, spans of time that are not over marked.</summary>
static class RowNames
{
    /// <summary>Stands behind a day, week, month or hour that is not over.</summary>
    public const string NotOver = "*";

    /// <summary>Returns a cell a dimension of each row.</summary>
    public static IReadOnlyList<string[]> Of(Report report)
    {
        var by = report.Query.By;
        var lengths = by.Index().Select(pair => LengthOf(pair.Item, report.Rows.Select(row => row.Values[pair.Index]))).ToArray();
        var now = NowOf(report.Query);
        var spikes = report.Spikes.Select(spike => spike.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal);

        return new RowsOnDemand<string[]>(report.Rows.Count, at =>
        {
            var values = report.Rows[at].Values;
            var cells = new string[by.Count];
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = PrintableText.Of(Show(by[i], values[i], lengths[i])) + (now[i] is { } id && values[i].Id == id ? NotOver : "")
                    + (by[i] is Dimension.Day && spikes.Contains(values[i].Id ?? "") ? SpikeText.Mark : "");
            }

            return cells;
        });
    }

    /// <summary>The name of one thing that stands alone.</summary>
    public static string Short(Dimension dimension, DimensionValue value) => Show(dimension, value, ShortIds.LengthFor([]));

    /// <summary>True if a row's span of time is not over.</summary>
    public static bool AnyNotOver(Report report)
    {
        var now = NowOf(report.Query);

        return report.Rows.Any(row => row.Values.Zip(now).Any(pair => pair.Second is { } id && pair.First.Id == id));
    }

    /// <summary>The span of each dimension of time that is not over; NULL for other dimensions, and where nobody says what time it is.</summary>
    static string?[] NowOf(ReportQuery query) => query.NowMs is { } ms
        ? [.. query.By.Select(dimension => dimension.IsTime() && dimension is not Dimension.Weekday
            ? new LocalCalendar(query.Zone).Place(dimension, QuarterHour.Of(ms)).Id
            : null)]
        : new string?[query.By.Count];

    static string Show(Dimension dimension, DimensionValue value, int length) => (dimension, value) switch
    {
        (Dimension.Session, { Id: { } id }) => ShortIds.Shorten(id, length),
        (Dimension.Job, { Label: null, Id: { } id }) when Guid.TryParse(id, out _) => ShortIds.Shorten(id, length),
        _ => value.Label ?? value.Id ?? NumberFormat.Unknown,
    };

    static int LengthOf(Dimension dimension, IEnumerable<DimensionValue> values) => dimension is Dimension.Session or Dimension.Job
        ? ShortIds.LengthFor(values.Select(value => value.Id).OfType<string>())
        : int.MaxValue;
}
