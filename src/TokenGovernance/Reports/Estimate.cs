using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>What unpriced usage would cost at list price. A guess of ours, and never added to what was recorded.</summary>
sealed record Estimate(IReadOnlyList<EstimateRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>Of the models that have a price; NULL if none has.</summary>
    public decimal? Total => Rows.Any(row => row.Cost is not null) ? Rows.Sum(row => row.Cost ?? 0) : null;

    public static Estimate Of(Report report, PriceList prices) =>
        new([.. report.Unpriced.Select(model => EstimateRow.Of(model, prices.Find(model.Provider, model.Model)))], prices.Notes);

    public void WriteTable(TextWriter output, bool isMarkdown, int? width)
    {
        string[][] rows =
        [
            ["MODEL", "UNPRICED", "TOKENS", "ESTIMATE (USD)", "PRICES FROM"],
            .. Rows.Select(row => (string[])
            [
                PrintableText.Of(row.Model.Name), NumberFormat.Count(row.Usage.Events), NumberFormat.Count(row.Usage.Total), NumberFormat.Dollars(row.Cost),
                row.Price is { } price ? PrintableText.Of(price.Source) : "no price found",
            ]),
            ["all", NumberFormat.Count(Rows.Sum(row => row.Usage.Events)), NumberFormat.Count(Rows.Sum(row => row.Usage.Total)), NumberFormat.Dollars(Total), ""],
        ];
        var numbers = new HashSet<int> { 1, 2, 3 };
        output.WriteLine();
        output.WriteLine("Estimate of the unpriced usage at list price. It is in no number above, and not what you pay under a plan.");
        output.WriteLine();
        if (isMarkdown)
        {
            TextTable.WriteMarkdown(output, rows, numbers);
        }
        else
        {
            TextTable.Write(output, rows, numbers, width);
        }

        foreach (var note in Notes.Select(PrintableText.Of))
        {
            output.WriteLine();
            output.WriteLine(isMarkdown ? MarkdownText.Escape(note) : note);
        }
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject("estimate");
        JsonFormat.WriteNumber(json, "cost_usd_at_list_price", Total);
        json.WriteStartArray("models");
        foreach (var row in Rows)
        {
            json.WriteStartObject();
            json.WriteString("provider", row.Model.Provider);
            json.WriteString("model", row.Model.Model);
            json.WriteNumber("unpriced_responses", row.Usage.Events);
            json.WriteNumber("unpriced_tokens", row.Usage.Total);
            JsonFormat.WriteNumber(json, "cost_usd_at_list_price", row.Cost);
            json.WriteString("prices_from", row.Price?.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>One model of an estimate.</summary>
/// <param name="Model">The model.</param>
/// <param name="Price">Its price; NULL if none was found.</param>
/// <param name="Cost">What its unpriced usage would cost; NULL without a price.</param>
sealed record EstimateRow(UnpricedModel Model, Price? Price, decimal? Cost)
{
    public UsageSums Usage => Model.Sums.Unpriced;

    public static EstimateRow Of(UnpricedModel model, Price? price)
    {
        var usage = model.Sums.Unpriced;

        return new EstimateRow(model, price, price is null
            ? null
            : (usage.Input * price.Input) + (usage.Output * price.Output) + (usage.CacheRead * price.CacheRead) + (usage.CacheWrite * price.CacheWrite));
    }
}
