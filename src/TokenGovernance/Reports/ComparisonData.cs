using System.Text.Json;
using CsvHelper;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A comparison as JSON and as CSV. Fields may be added, never renamed; unknown is null, or empty.</summary>
static class ComparisonData
{
    static readonly string[] CsvNumbers =
    [
        "known_cost_usd", "known_cost_usd_before", "known_cost_usd_change", "total_tokens", "total_tokens_before", "total_tokens_change", "responses",
        "responses_before", "responses_change", "state",
    ];

    public static void WriteJson(TextWriter output, Comparison comparison) => JsonFields.WriteObject(output, json =>
    {
        JsonFormat.WriteQuery(json, comparison.Query with { Range = comparison.Period.Now }, comparison.Now.Freshness);
        json.WriteBoolean("is_over", !comparison.Period.IsUnfinished);
        json.WriteStartObject("before");
        JsonFields.WriteTime(json, "since", comparison.Period.Before.FromMs);
        JsonFields.WriteTime(json, "until", comparison.Period.Before.BeforeMs);
        json.WriteEndObject();
        JsonFields.WriteAll(json, "rows", comparison.Rows, row =>
        {
            JsonFormat.WriteNames(json, comparison.Query.By, row.Names.Values);
            json.WriteString("state", StateOf(row));
            WritePair(json, row.Now, row.Before, comparison);
        });
        json.WriteStartObject("totals");
        WritePair(json, comparison.Now.Totals, comparison.Before.Totals, comparison);
        json.WriteEndObject();
        if (comparison.Rest is { } rest)
        {
            json.WriteStartObject("rest");
            json.WriteNumber("rows", rest.Rows);
            WritePair(json, rest.Now, rest.Before, comparison);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("rest");
        }

        JsonFormat.WriteSpikes(json, comparison.Now);
    });

    public static void WriteCsv(TextWriter output, Comparison comparison)
    {
        using var csv = CsvWriter.Create(new Utf8Text(output), CsvFormat.Options);
        foreach (var name in comparison.Query.By.SelectMany(CsvFormat.NamesOf).Concat(CsvNumbers))
        {
            csv.WriteField(name);
        }

        csv.EndRecord();
        foreach (var row in comparison.Rows)
        {
            CsvFormat.WriteNames(csv, comparison.Query.By, row.Names.Values);
            object?[] numbers =
            [
                row.Now.Known?.Dollars, row.Before.Known?.Dollars, row.CostChange, row.Now.All.Total, row.Before.All.Total, (long)row.TokensChange,
                row.Now.All.Events, row.Before.All.Events, row.Now.All.Events - row.Before.All.Events,
            ];
            Array.ForEach(numbers, number => CsvFormat.WriteNumber(csv, number));
            csv.WriteField(StateOf(row));
            csv.EndRecord();
        }

        csv.Flush();
    }

    static string StateOf(ComparisonRow row) => row.IsNew ? "new" : row.IsGone ? "gone" : "both";

    static void WritePair(Utf8JsonWriter json, UsageTotals now, UsageTotals before, Comparison comparison)
    {
        json.WriteStartObject("now");
        JsonFields.WriteTotals(json, now, comparison.Now.Totals);
        json.WriteEndObject();
        json.WriteStartObject("before");
        JsonFields.WriteTotals(json, before, comparison.Before.Totals);
        json.WriteEndObject();
        json.WriteStartObject("change");
        JsonFields.WriteNumber(json, "known_cost_usd", now.Known is null && before.Known is null ? null : (now.Known?.Dollars ?? 0) - (before.Known?.Dollars ?? 0));
        JsonFields.WriteRatio(json, "known_cost_ratio", NumberFormat.Share((now.Known?.Dollars ?? 0) - (before.Known?.Dollars ?? 0), before.Known?.Dollars));
        json.WriteNumber("tokens", now.All.Total - before.All.Total);
        json.WriteNumber("responses", now.All.Events - before.All.Events);
        json.WriteEndObject();
    }
}
