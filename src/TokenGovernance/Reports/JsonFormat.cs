using System.Text.Json;

namespace TokenGovernance.Reports;

/// <summary>A report as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class JsonFormat
{
    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="more">Writes further fields of the object.</param>
    public static void Write(TextWriter output, Report report, Action<Utf8JsonWriter>? more = null)
    {
        JsonFields.WriteObject(output, json =>
        {
            WriteQuery(json, report.Query, report.Freshness);
            JsonFields.WriteAll(json, "rows", report.Rows, row =>
            {
                WriteNames(json, report.Query.By, row.Values);
                WriteDetails(json, report.Query, row);
                JsonFields.WriteTotals(json, row.Totals, report.Totals);
            });
            WriteRest(json, report);
            json.WriteStartObject("totals");
            JsonFields.WriteTotals(json, report.Totals, report.Totals);
            json.WriteEndObject();
            WritePeriod(json, report);
            WriteUnpriced(json, report);
            WriteUnmeasured(json, report);
            JsonFields.WriteAll(json, "turns", report.Turns, turns =>
            {
                json.WriteString("runtime", turns.Runtime);
                json.WriteNumber("rows", turns.Totals.All.Events);
                json.WriteNumber("tokens", turns.Totals.All.Total);
            });
            WriteHeartbeats(json, report.Heartbeats);
            if (report.SumsOnlyBeforeMs is { } floor)
            {
                JsonFields.WriteTime(json, "sums_only_before", floor);
            }

            WriteSpikes(json, report);
            more?.Invoke(json);
        });
    }

    /// <summary>What was asked for, and how new the store is.</summary>
    public static void WriteQuery(Utf8JsonWriter json, ReportQuery query, Freshness freshness)
    {
        JsonFields.WriteTexts(json, "by", query.By.Select(dimension => dimension.NameOf()));
        JsonFields.WriteTime(json, "since", query.Range.FromMs);
        JsonFields.WriteTime(json, "until", query.Range.BeforeMs);
        json.WriteString("time_zone", query.Zone.Id);
        JsonFields.WriteTexts(json, "where", query.Where.SelectMany(filter => filter.Names.Order(StringComparer.Ordinal)
            .Select(name => $"{filter.Dimension.NameOf()}{(filter.IsNot ? "!=" : "=")}{name}")));
        JsonFields.WriteFreshness(json, freshness);
    }

    /// <summary>A field a dimension; sessions and jobs have a second one.</summary>
    public static void WriteNames(Utf8JsonWriter json, IReadOnlyList<Dimension> by, IReadOnlyList<DimensionValue> values)
    {
        foreach (var (dimension, value) in by.Zip(values))
        {
            json.WriteString(CsvFormat.FieldOf(dimension), value.Id);
            if (CsvFormat.DetailOf(dimension) is { } detail)
            {
                json.WriteString(detail, value.Label);
            }
        }
    }

    /// <summary>What the period before came to, and what this one will; null where that was not asked for.</summary>
    public static void WritePeriod(Utf8JsonWriter json, Report report)
    {
        if (report is { Period: { } period, Before: { } before })
        {
            json.WriteBoolean("is_over", !period.IsUnfinished);
            json.WriteStartObject("before");
            JsonFields.WriteTime(json, "since", period.Before.FromMs);
            JsonFields.WriteTime(json, "until", period.Before.BeforeMs);
            JsonFields.WriteTotals(json, before, before);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("is_over");
            json.WriteNull("before");
        }

        JsonFields.WriteOutlook(json, report.Outlook);
    }

    static void WriteDetails(Utf8JsonWriter json, ReportQuery query, ReportRow row)
    {
        if (row.Session is { } session)
        {
            json.WriteString("model_provider", session.Model.Provider);
            json.WriteString("model", session.Model.Model);
            json.WriteNumber("models", session.Models.Count);
            JsonFields.WriteTime(json, "start", session.FirstMs);
            JsonFields.WriteTime(json, "last", session.LastMs);
        }

        if (row.Runs is { } runs)
        {
            json.WriteNumber("runs", runs);
            JsonFields.WriteNumber(json, "cost_per_run", runs > 0 ? row.Totals.Known?.Dollars / runs : null);
        }
        else if (query.Detail is RowDetail.Job)
        {
            json.WriteNull("runs");
            json.WriteNull("cost_per_run");
        }
    }

    /// <summary>Days that cost far more than is usual; only where they were looked for.</summary>
    public static void WriteSpikes(Utf8JsonWriter json, Report report)
    {
        if (!report.Query.WithSpikes)
        {
            return;
        }

        JsonFields.WriteAll(json, "spikes", report.Spikes, spike =>
        {
            json.WriteString("day", spike.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("unit", spike.IsCost ? "usd" : "tokens");
            json.WriteNumber("value", Math.Round(spike.Value, 6));
            json.WriteNumber("usual_low", Math.Round(spike.UsualLow, 6));
            json.WriteNumber("usual_high", Math.Round(spike.UsualHigh, 6));
            JsonFields.WriteAll(json, "causes", spike.Causes, cause =>
            {
                json.WriteString("dimension", cause.Dimension.NameOf());
                json.WriteString("name", cause.Name);
                JsonFields.WriteRatio(json, "share", cause.Share);
            });
        });
    }

    /// <summary>What heartbeats cost beside jobs; only where that was asked for.</summary>
    static void WriteHeartbeats(Utf8JsonWriter json, Heartbeats? heartbeats)
    {
        if (heartbeats is null)
        {
            return;
        }

        json.WriteStartObject("heartbeats");
        json.WriteNumber("runs", heartbeats.Runs);
        JsonFields.WriteNumber(json, "known_cost_usd", heartbeats.Cost.Dollars);
        json.WriteNumber("empty_runs", heartbeats.EmptyRuns);
        JsonFields.WriteNumber(json, "empty_cost_usd", heartbeats.EmptyCost.Dollars);
        JsonFields.WriteNumber(json, "all_known_cost_usd", heartbeats.AllCost.Dollars);
        json.WriteEndObject();
    }

    static void WriteRest(Utf8JsonWriter json, Report report)
    {
        if (report.Rest is not { } rest)
        {
            json.WriteNull("rest");

            return;
        }

        json.WriteStartObject("rest");
        json.WriteNumber("rows", rest.Rows);
        JsonFields.WriteTotals(json, rest.Totals, report.Totals);
        json.WriteEndObject();
    }

    public static void WriteUnpriced(Utf8JsonWriter json, Report report)
    {
        JsonFields.WriteAll(json, "unpriced_models", report.Unpriced, model =>
        {
            json.WriteString("provider", model.Provider);
            json.WriteString("model", model.Model);
            json.WriteNumber("responses", model.Totals.Unpriced.Events);
            json.WriteNumber("tokens", model.Totals.Unpriced.Total);
            json.WriteNumber("without_cost", model.Totals.UnwrittenEvents);
            json.WriteNumber("paid_by_plan", model.Totals.PlanPaidEvents);
            json.WriteBoolean("never_priced", model.IsNeverPriced);
        });
    }

    /// <summary>Models with responses that were not measured.</summary>
    public static void WriteUnmeasured(Utf8JsonWriter json, Report report) => JsonFields.WriteAll(json, "unmeasured_models", report.Unmeasured, model =>
    {
        json.WriteString("provider", model.Provider);
        json.WriteString("model", model.Model);
        json.WriteNumber("responses", model.Totals.UnmeasuredEvents);
    });
}
