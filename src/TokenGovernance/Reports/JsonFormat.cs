using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class JsonFormat
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <param name="output">Where to.</param>
    /// <param name="report">The report.</param>
    /// <param name="more">Writes further fields of the object.</param>
    public static void Write(TextWriter output, Report report, Action<Utf8JsonWriter>? more = null)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            WriteQuery(json, report);
            json.WriteStartArray("rows");
            foreach (var row in report.Rows)
            {
                json.WriteStartObject();
                WriteNames(json, report.Query, row);
                WriteTotals(json, row.Totals, report.Totals);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteRest(json, report);
            json.WriteStartObject("totals");
            WriteTotals(json, report.Totals, report.Totals);
            json.WriteEndObject();
            WriteUnpriced(json, report);
            WriteUnmeasured(json, report);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    static void WriteQuery(Utf8JsonWriter json, Report report)
    {
        var query = report.Query;
        WriteTexts(json, "by", query.By.Select(dimension => dimension.NameOf()));
        json.WriteString("since", query.Range.FromMs is { } from ? UtcTime.Format(from) : null);
        json.WriteString("until", query.Range.BeforeMs is { } before ? UtcTime.Format(before) : null);
        json.WriteString("time_zone", query.Zone.Id);
        WriteTexts(json, "where", query.Where.SelectMany(filter => filter.Names.Order(StringComparer.Ordinal)
            .Select(name => $"{filter.Dimension.NameOf()}{(filter.IsNot ? "!=" : "=")}{name}")));
    }

    static void WriteNames(Utf8JsonWriter json, ReportQuery query, ReportRow row)
    {
        foreach (var (dimension, value) in query.By.Zip(row.Values))
        {
            json.WriteString(CsvFormat.FieldOf(dimension), value.Id);
            if (CsvFormat.DetailOf(dimension) is { } detail)
            {
                json.WriteString(detail, value.Label);
            }
        }
    }

    static void WriteTotals(Utf8JsonWriter json, UsageTotals usage, UsageTotals totals)
    {
        json.WriteNumber("responses", usage.All.Events);
        json.WriteNumber("errors", usage.All.Errors);
        json.WriteStartObject("tokens");
        json.WriteNumber("input", usage.All.Input);
        json.WriteNumber("output", usage.All.Output);
        json.WriteNumber("cache_read", usage.All.CacheRead);
        json.WriteNumber("cache_write", usage.All.CacheWrite);
        WriteNumber(json, "reasoning", usage.Reasoning);
        json.WriteNumber("total", usage.All.Total);
        json.WriteEndObject();
        WriteRatio(json, "cache_hit_ratio", usage.CacheHitRatio);
        json.WriteStartObject("cost_usd");
        WriteNumber(json, "recorded", usage.Recorded?.Dollars);
        WriteNumber(json, "provider_billed", usage.Billed?.Dollars);
        json.WriteEndObject();
        json.WriteStartObject("unpriced");
        json.WriteNumber("responses", usage.Unpriced.Events);
        json.WriteNumber("tokens", usage.Unpriced.Total);
        json.WriteEndObject();
        json.WriteNumber("unmeasured_responses", usage.UnmeasuredEvents);
        WriteRatio(json, "share_of_tokens", NumberFormat.Share(usage.All.Total, totals.All.Total));
        WriteRatio(json, "share_of_cost", NumberFormat.Share(usage.Known?.Dollars, totals.Known?.Dollars));
        WriteNumber(json, "cost_per_response", usage.CostPerResponse);
        WriteNumber(json, "cost_per_million_tokens", usage.CostPerMillionTokens);
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
        WriteTotals(json, rest.Totals, report.Totals);
        json.WriteEndObject();
    }

    static void WriteUnpriced(Utf8JsonWriter json, Report report)
    {
        json.WriteStartArray("unpriced_models");
        foreach (var model in report.Unpriced)
        {
            json.WriteStartObject();
            json.WriteString("provider", model.Provider);
            json.WriteString("model", model.Model);
            json.WriteNumber("responses", model.Totals.Unpriced.Events);
            json.WriteNumber("tokens", model.Totals.Unpriced.Total);
            json.WriteNumber("without_cost", model.Totals.UnwrittenEvents);
            json.WriteBoolean("never_priced", model.IsNeverPriced);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteUnmeasured(Utf8JsonWriter json, Report report)
    {
        json.WriteStartArray("unmeasured_models");
        foreach (var model in report.Unmeasured)
        {
            json.WriteStartObject();
            json.WriteString("provider", model.Provider);
            json.WriteString("model", model.Model);
            json.WriteNumber("responses", model.Totals.UnmeasuredEvents);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A ratio to the millionth; adding zero makes -0 a plain 0.</summary>
    public static void WriteRatio(Utf8JsonWriter json, string name, double? ratio) =>
        WriteNumber(json, name, ratio is { } known ? Math.Round(known, 6) + 0.0 : null);

    public static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known && double.IsFinite(known))
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, NumberFormat.Exact(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
