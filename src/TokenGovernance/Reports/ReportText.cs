using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>The text above and below the rows of a report.</summary>
static class ReportText
{
    const int MaxModels = 6;

    /// <summary>Who collects at all does so at least once an hour.</summary>
    const long StaleMs = 3_600_000;

    /// <summary>The heading of a dimension's column.</summary>
    public static string TitleOf(Dimension dimension) => dimension.NameOf().ToUpperInvariant().Replace('-', ' ');

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

        return string.Join(", ", Filters(query).Prepend($"{period} ({PrintableText.Of(query.Zone.Id)})"));
    }

    static IEnumerable<string> Filters(ReportQuery query)
    {
        static bool Is(NameFilter filter, Dimension dimension, string name, bool isNot) =>
            filter.Dimension == dimension && filter.IsNot == isNot && filter.Names.Count == 1 && filter.Names.Contains(name);
        var isJobs = query.Where.Any(filter => Is(filter, Dimension.Job, NameFilter.Unknown, isNot: true))
            && query.Where.Any(filter => Is(filter, Dimension.Trigger, "hook", isNot: true));

        return query.Where
            .Where(filter => !isJobs || !Is(filter, Dimension.Trigger, "hook", isNot: true))
            .Select(filter =>
                isJobs && Is(filter, Dimension.Job, NameFilter.Unknown, isNot: true) ? "cron jobs only"
                : Is(filter, Dimension.Trigger, "hook", isNot: false) ? "webhooks only"
                : $"{filter.Dimension.NameOf()} {(filter.IsNot ? "is not" : "is")} {string.Join(" or ", filter.Names.Order(StringComparer.Ordinal).Select(NameOf))}");
    }

    /// <summary>The totals, and how they changed.</summary>
    public static string Headline(Report report)
    {
        var totals = report.Totals;
        List<string> parts =
        [
            totals.Known is { } known ? $"{NumberFormat.Dollars(known.Dollars)} known cost" : "no cost known",
            $"{NumberFormat.Tokens(totals.All.Total)} tokens",
            NumberFormat.Count(totals.All.Events, "response"),
        ];
        if (report is { Period: { } period, Before: { } before } && before.All.Events > 0)
        {
            var when = period.IsUnfinished ? "the same part of the period before" : "the period before";
            parts.Add(totals.Known is { } now && before.Known is { Dollars: > 0 } was
                ? $"{NumberFormat.Change((double)was.Dollars, (double)now.Dollars)} against {NumberFormat.Dollars(was.Dollars)} in {when}"
                : $"{NumberFormat.Change(before.All.Total, totals.All.Total)} against {NumberFormat.Tokens(before.All.Total)} tokens in {when}");
        }

        return string.Join(" · ", parts);
    }

    /// <summary>Footnotes: what the numbers leave out, and what they mean; one line each, only what applies.</summary>
    public static IReadOnlyList<string> Notes(Report report)
    {
        var totals = report.Totals;
        var notes = new List<string>();
        if (RowNames.AnyNotOver(report))
        {
            notes.Add($"{RowNames.NotOver} Not over yet.");
        }

        notes.AddRange(report.Spikes.Select(SpikeText.Of));
        if (report.Outlook is { } outlook)
        {
            notes.Add(ForecastText.Sentence(outlook, report.Query.Zone));
        }

        if (totals.Unpriced.Events > 0)
        {
            notes.Add(
                $"{NumberFormat.Count(totals.Unpriced.Events)} of {NumberFormat.Count(totals.All.Events, "response")} have no known price and are not included in the cost: "
                + $"{Models(report.Unpriced, model => $" {NumberFormat.Count(model.Totals.Unpriced.Events)}")}.");
        }

        if (totals.PlanPaidEvents > 0)
        {
            notes.Add($"{NumberFormat.Count(totals.PlanPaidEvents)} of them are paid by a plan, as their runtime says.");
        }

        var never = report.Unpriced.Where(model => model.IsNeverPriced && model.Totals.UnwrittenEvents < model.Totals.Unpriced.Events).ToList();
        if (never.Count > 0)
        {
            notes.Add($"Only zero costs were recorded for {Models(never, _ => "")}: a subscription covers them, they are free, or no price was configured.");
        }

        if (report.Turns.Count > 0)
        {
            notes.Add(TurnText.Of([.. report.Turns.Select(turns => (turns.Runtime, turns.Totals.All.Events))]));
        }

        if (totals.UnmeasuredEvents > 0)
        {
            var most = report.Unmeasured[0];
            notes.Add($"{UnmeasuredText.Of(totals.UnmeasuredEvents, most.Name, most.Totals.UnmeasuredEvents)}. Their tokens and cost are unknown and not included.");
        }

        if (totals.BilledEvents > 0 && totals.RecordedEvents > 0)
        {
            notes.Add("The cost adds list prices that OpenClaw recorded (RECORDED) and what providers charged (BILLED).");
        }

        if (report.Query.By.Contains(Dimension.Agent) && !report.Query.By.Contains(Dimension.Home) && report.SharedAgents.Count > 0)
        {
            notes.Add($"In several homes: agent {string.Join(", ", report.SharedAgents.Take(MaxModels).Select(PrintableText.Of))}. --by home,agent tells them apart.");
        }

        if (report.Heartbeats is { Runs: > 0 } heartbeats)
        {
            notes.Add(HeartbeatNote(heartbeats));
        }

        if (report is { SumsOnlyBeforeMs: { } floor, Query.Detail: RowDetail.Job } && report.Rows.Any(row => row.Runs is null))
        {
            notes.Add($"Of usage before {UtcTime.FormatDay(floor)} (UTC) only sums are kept: they do not tell runs apart.");
        }

        return [.. notes, .. FreshnessNotes(report)];
    }

    /// <summary>Says so if what the report is about may not have been collected yet.</summary>
    public static IReadOnlyList<string> FreshnessNotes(Report report) =>
        report.Query.NowMs is { } now && !(report.Query.Range.BeforeMs <= report.Freshness.CollectedMs) && report.Freshness.CollectedMs is { } collected && now - collected > StaleMs
            ? [$"Last collected {MomentText.Ago(collected, now, report.Query.Zone)}: what was used since is not in it."]
            : [];

    static string HeartbeatNote(Heartbeats heartbeats)
    {
        string Share(Money part) => NumberFormat.Share(part.Dollars, heartbeats.AllCost.Dollars) is { } share ? $" ({NumberFormat.Percent(share)} of all known cost)" : "";

        return $"Beside the jobs {NumberFormat.Count(heartbeats.Runs, "heartbeat")} cost {NumberFormat.Dollars(heartbeats.Cost.Dollars)}{Share(heartbeats.Cost)};"
            + (heartbeats.EmptyRuns == 0 ? " none of them was empty." : $" {NumberFormat.Count(heartbeats.EmptyRuns)} of them did nothing (one response of at most {Heartbeats.EmptyOutput} output tokens):"
                + $" {NumberFormat.Dollars(heartbeats.EmptyCost.Dollars)}{Share(heartbeats.EmptyCost)} wasted.");
    }

    static string NameOf(string name) => name.Length == 0 ? "unknown" : PrintableText.Of(name);

    /// <summary>The first models, each with how many of its responses have no price.</summary>
    public static string Models(IReadOnlyList<ModelTotals> models, int most) => Models(models, model => $" {NumberFormat.Count(model.Totals.Unpriced.Events)}", most);

    static string Models(IReadOnlyList<ModelTotals> models, Func<ModelTotals, string> suffix, int most = MaxModels)
    {
        var named = models.Take(most).Select(model => PrintableText.Of(model.Name) + suffix(model));

        return string.Join(", ", models.Count > most ? named.Append($"and {NumberFormat.Count(models.Count - most)} more") : named);
    }

    /// <summary>A span of time that has a beginning and an end, such as "2026-11-02" or "2026-11-16 to 2026-11-18 14:20".</summary>
    public static string Span(TimeRange range, TimeZoneInfo zone)
    {
        var (from, to) = (Moment(range.FromMs!.Value, zone, isEnd: false), Moment(range.BeforeMs!.Value, zone, isEnd: true));

        return from == to ? from : $"{from} to {to}";
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
            ? TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), zone).ToString(ms % 60_000 == 0 || isEnd ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : NumberFormat.Unknown;
    }
}
