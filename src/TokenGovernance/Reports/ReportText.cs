using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>The text above and below the rows of a report.</summary>
static class ReportText
{
    const int MaxModels = 6;

    /// <summary>The heading of a dimension's column.</summary>
    public static string TitleOf(Dimension dimension) => dimension.NameOf().ToUpperInvariant().Replace('-', ' ');

    /// <summary>The values of a row as people know them.</summary>
    public static IEnumerable<string> Show(ReportQuery query, ReportRow row) => query.By.Zip(row.Values, Show);

    /// <summary>A key can have many sessions, one after each reset: their ids tell them apart.</summary>
    static string Show(Dimension dimension, DimensionValue value) => PrintableText.Of((dimension, value.Label, value.Id) switch
    {
        (Dimension.Session, { } key, { } id) => $"{key} {id[..Math.Min(8, id.Length)]}",
        _ => value.Label ?? value.Id ?? NumberFormat.Unknown,
    });

    /// <summary>Which events the report is about.</summary>
    public static string Title(Report report)
    {
        var query = report.Query;
        var from = query.Range.FromMs is { } fromMs ? Moment(fromMs, query.Zone, isEnd: false) : report.FirstDay is { } first ? Day(first) : null;
        var to = query.Range.BeforeMs is { } beforeMs ? Moment(beforeMs, query.Zone, isEnd: true) : report.LastDay is { } last ? Day(last) : null;
        var period = (from, to) switch
        {
            (null, null) => "All usage",
            (null, _) => $"Usage until {to}",
            (_, null) => $"Usage since {from}",
            _ when from == to => $"Usage on {from}",
            _ => $"Usage from {from} to {to}",
        };
        var filters = query.Where.Select(filter =>
            $"{filter.Dimension.NameOf()} {(filter.IsNot ? "is not" : "is")} {string.Join(" or ", filter.Names.Order(StringComparer.Ordinal).Select(NameOf))}");

        return string.Join(", ", filters.Prepend($"{period} ({PrintableText.Of(query.Zone.Id)})"));
    }

    /// <summary>Footnotes: what the numbers leave out, and what they mean.</summary>
    public static IReadOnlyList<string> Notes(Report report)
    {
        var totals = report.Totals;
        var notes = new List<string>();
        if (totals.Unpriced.Events > 0)
        {
            notes.Add(
                $"{NumberFormat.Count(totals.Unpriced.Events)} of {NumberFormat.Count(totals.All.Events, "response")} have no known price and are not included in the cost: "
                + $"{Models(report.Unpriced, model => $" {NumberFormat.Count(model.Totals.Unpriced.Events)}")}.");
        }

        var never = report.Unpriced.Where(model => model.IsNeverPriced && model.Totals.UnwrittenEvents < model.Totals.Unpriced.Events).ToList();
        if (never.Count > 0)
        {
            notes.Add($"Only zero costs were recorded for {Models(never, _ => "")}: a subscription covers them, they are free, or no price was configured.");
        }

        if (totals.UnmeasuredEvents > 0)
        {
            var most = report.Unmeasured[0];
            notes.Add($"{UnmeasuredText.Of(totals.UnmeasuredEvents, most.Name, most.Totals.UnmeasuredEvents)}. What they used is in no number of tokens and in no cost.");
        }

        if (totals.BilledEvents > 0 && totals.RecordedEvents > 0)
        {
            notes.Add("RECORDED is OpenClaw's list price at the time, BILLED is what the provider charged. Shares and averages use both.");
        }

        return notes;
    }

    static string NameOf(string name) => name.Length == 0 ? "unknown" : PrintableText.Of(name);

    /// <summary>The first models, each with how many of its responses have no price.</summary>
    public static string Models(IReadOnlyList<ModelTotals> models, int most) => Models(models, model => $" {NumberFormat.Count(model.Totals.Unpriced.Events)}", most);

    static string Models(IReadOnlyList<ModelTotals> models, Func<ModelTotals, string> suffix, int most = MaxModels)
    {
        var named = models.Take(most).Select(model => PrintableText.Of(model.Name) + suffix(model));

        return string.Join(", ", models.Count > most ? named.Append($"and {NumberFormat.Count(models.Count - most)} more") : named);
    }

    static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The first or last day where a bound is a day's, else the time.</summary>
    static string Moment(long ms, TimeZoneInfo zone, bool isEnd)
    {
        var calendar = new LocalCalendar(zone);
        var day = calendar.DayOf(ms);
        if (calendar.StartOf(day) == ms)
        {
            return Day(isEnd ? day.AddDays(-1) : day);
        }

        return UtcTime.IsValid(ms)
            ? TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture)
            : NumberFormat.Unknown;
    }
}
