using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Tests.Reports;

/// <summary>What a report must say, added up from plain rows in the simplest way.</summary>
static class ReferenceTotals
{
    /// <summary>One line a row of the report: its names, then its numbers.</summary>
    public static IEnumerable<string> Of(ReportScene scene, ReportQuery query) => scene.Query("SELECT * FROM usage_events")
        .Where(row => IsIn(row, query))
        .GroupBy(row => string.Join(" | ", query.By.Select(dimension => NameOf(row, dimension, query.Zone) ?? "NULL")))
        .Select(group => $"{group.Key}: {Sums([.. group])}");

    /// <summary>The same of a report.</summary>
    public static IEnumerable<string> Of(Report report) => report.Rows.Select(row =>
        $"{string.Join(" | ", row.Values.Select(value => value.Id ?? "NULL"))}: {Sums(row.Totals)}");

    /// <summary>Totals as one line.</summary>
    public static string Of(UsageTotals usage) => Sums(usage);

    static string Sums(List<Dictionary<string, object?>> rows)
    {
        long Sum(string column) => rows.Sum(row => (long?)row[column] ?? 0);
        decimal? Cost(string source) => rows.Where(row => (string?)row["cost_source"] == source)
            .Select(row => (decimal?)Math.Round((decimal)(double)row["cost_total"]!, 9)).DefaultIfEmpty(null).Sum(cost => cost) is var sum
            && rows.Any(row => (string?)row["cost_source"] == source) ? sum : null;
        var unpriced = rows.Where(row => (string?)row["cost_source"] is not ("recorded" or "provider-billed" or "not-measured")).ToList();

        return Line(
            rows.Count, rows.Count(row => (string?)row["stop_reason"] == "error"), Sum("input_tokens"), Sum("output_tokens"),
            Sum("cache_read_tokens"), Sum("cache_write_tokens"), Sum("total_tokens"),
            rows.Any(row => row["reasoning_tokens"] is not null) ? Sum("reasoning_tokens") : null,
            Cost("recorded"), Cost("provider-billed"), unpriced.Count, unpriced.Sum(row => (long?)row["total_tokens"] ?? 0),
            rows.Count(row => (string?)row["cost_source"] is "not-measured"));
    }

    static string Sums(UsageTotals usage) => Line(
        usage.All.Events, usage.All.Errors, usage.All.Input, usage.All.Output, usage.All.CacheRead, usage.All.CacheWrite, usage.All.Total,
        usage.Reasoning, usage.Recorded?.Dollars, usage.Billed?.Dollars, usage.Unpriced.Events, usage.Unpriced.Total, usage.UnmeasuredEvents);

    static string Line(
        long events, long errors, long input, long output, long read, long write, long total, long? reasoning, decimal? recorded, decimal? billed,
        long unpriced, long unpricedTokens, long unmeasured) =>
        FormattableString.Invariant(
            $"{events} {errors} {input} {output} {read} {write} {total} {reasoning} {recorded:F9} {billed:F9} {unpriced} {unpricedTokens} {unmeasured}");

    static DateTimeOffset? TimeOf(Dictionary<string, object?> row) =>
        (string?)(row["started_ts"] ?? row["event_ts"]) is { } text ? DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : null;

    static bool IsIn(Dictionary<string, object?> row, ReportQuery query)
    {
        var ms = TimeOf(row)?.ToUnixTimeMilliseconds();

        return (query.Range.FromMs is not { } from || ms >= from) && (query.Range.BeforeMs is not { } before || ms < before)
            && query.Where.All(filter => filter.Accepts(NameOf(row, filter.Dimension, query.Zone)));
    }

    static string? NameOf(Dictionary<string, object?> row, Dimension dimension, TimeZoneInfo zone) => dimension switch
    {
        Dimension.Agent => (string?)row["agent_id"],
        Dimension.Model => (string?)row["model"],
        Dimension.Provider => (string?)row["model_provider"],
        Dimension.Channel => (string?)row["channel"],
        Dimension.Trigger => (string?)row["trigger"],
        Dimension.Job => (string?)row["job_id"],
        Dimension.Session => (string?)row["session_id"],
        Dimension.ChatType => (string?)row["chat_type"],
        Dimension.Home => (string?)row["home"],
        Dimension.ResponseModel => (string?)row["response_model"],
        Dimension.Api => (string?)row["api"],
        Dimension.Error => (string?)row["stop_reason"] == "error" ? "yes" : "no",
        Dimension.Parent => (string?)row["spawned_by"] ?? (string?)row["session_key"] ?? (string?)row["session_id"],
        Dimension.Runtime => (string?)row["runtime"],
        Dimension.Node => null,
        _ => TimeOf(row) is { } time ? SpanOf(TimeZoneInfo.ConvertTime(time, zone), dimension) : null,
    };

    static string SpanOf(DateTimeOffset local, Dimension dimension) => dimension switch
    {
        Dimension.Day => FormattableString.Invariant($"{local:yyyy-MM-dd}"),
        Dimension.Weekday => local.DayOfWeek.ToString(),
        Dimension.Month => FormattableString.Invariant($"{local:yyyy-MM}"),
        Dimension.Hour => FormattableString.Invariant($"{local:yyyy-MM-ddTHH:00zzz}"),
        _ => FormattableString.Invariant(
            $"{System.Globalization.ISOWeek.GetYear(local.DateTime):0000}-W{System.Globalization.ISOWeek.GetWeekOfYear(local.DateTime):00}"),
    };
}
