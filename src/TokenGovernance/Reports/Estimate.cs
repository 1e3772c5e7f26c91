using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>An estimate of what unpriced usage would cost at list prices; never added to recorded costs.</summary>
sealed record Estimate(IReadOnlyList<EstimateRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>US dollars, for the models that have a price; NULL if none has.</summary>
    public Money? Total => Rows.Any(row => row.Cost is not null) ? Rows.Aggregate(default(Money), (sum, row) => sum + (row.Cost ?? default)) : null;

    public static Estimate Of(Report report, PriceList prices)
    {
        List<EstimateRow> rows = [.. report.Unpriced.Select(model => EstimateRow.Of(model, prices))];

        return new Estimate(rows, [.. prices.Notes, .. NotesOn(rows)]);
    }

    public void WriteTable(TextWriter output, bool isMarkdown, int? width)
    {
        FittedColumn[] columns =
            [new("MODEL", 0, CellKind.Name), new("UNPRICED", 2), new("TOKENS", 1), new("ESTIMATE (USD)", 0), new("PRICES FROM", 3, CellKind.Name)];
        string[][] rows =
        [
            .. Rows.Select(row => (string[])
            [
                PrintableText.Of(row.Model.Name), NumberFormat.Count(row.Usage.Events), NumberFormat.Count(row.Usage.Total), NumberFormat.Dollars(row.Cost?.Dollars),
                PrintableText.Of(row.PriceText),
            ]),
            ["all", NumberFormat.Count(Rows.Sum(row => row.Usage.Events)), NumberFormat.Count(Rows.Sum(row => row.Usage.Total)), NumberFormat.Dollars(Total?.Dollars), ""],
        ];
        output.WriteLine();
        Write("Estimated cost of the unpriced usage at list prices. It is not included in any number above, and not what a subscription costs.");
        output.WriteLine();
        if (isMarkdown)
        {
            MarkdownText.WriteHead(output, columns);
            foreach (var row in rows)
            {
                MarkdownText.WriteRow(output, row.Select(MarkdownText.Escape));
            }
        }
        else
        {
            FittedTable.Write(output, columns, rows, width, sums: 1);
        }

        foreach (var note in Notes.Select(PrintableText.Of))
        {
            output.WriteLine();
            Write(isMarkdown ? MarkdownText.Escape(note) : note);
        }

        void Write(string text) => TextWidth.WriteWrapped(output, text, width);
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject("estimate");
        JsonFields.WriteNumber(json, "cost_usd_at_list_price", Total?.Dollars);
        json.WriteStartArray("models");
        foreach (var row in Rows)
        {
            json.WriteStartObject();
            json.WriteString("provider", row.Model.Provider);
            json.WriteString("model", row.Model.Model);
            json.WriteNumber("unpriced_responses", row.Usage.Events);
            json.WriteNumber("unpriced_tokens", row.Usage.Total);
            JsonFields.WriteNumber(json, "cost_usd_at_list_price", row.Cost?.Dollars);
            json.WriteString("prices_from", row.Price?.Source);
            json.WriteString("price_key", row.Price?.Key);
            json.WriteBoolean("is_local", row.IsLocal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        JsonFields.WriteTexts(json, "notes", Notes);
        json.WriteEndObject();
    }

    /// <summary>What the prices used leave open; nothing about prices that were not used.</summary>
    static IEnumerable<string> NotesOn(List<EstimateRow> rows)
    {
        static string Keys(IEnumerable<EstimateRow> rows) => string.Join(", ", rows.Select(row => row.Price!.Key).Distinct());

        var tiers = rows.Where(row => row.Price is { HasTiers: true }).ToList();
        if (tiers.Count > 0)
        {
            yield return $"Prices that depend on the length of the context: the basic price was used for {Keys(tiers)}.";
        }

        var cache = rows.Where(row => row.Price is { } price
            && ((price.CacheRead is null && row.Usage.CacheRead > 0) || (price.CacheWrite is null && row.Usage.CacheWrite > row.Usage.CacheWrite1h))).ToList();
        var hour = rows.Where(row => row.Price is { CacheWrite1h: null } && row.Usage.CacheWrite1h > 0).ToList();
        if (hour.Count > 0)
        {
            yield return $"No price for cache writes that are kept for an hour: twice the input price was used, as Anthropic bills them, for {Keys(hour)}.";
        }

        if (cache.Count > 0)
        {
            yield return $"No cache price: the input price was used for cached tokens of {Keys(cache)}.";
        }
    }
}

/// <summary>One model of an estimate.</summary>
/// <param name="Model">The model.</param>
/// <param name="Price">Its price; NULL if none was found.</param>
/// <param name="Cost">What its unpriced usage would cost; NULL without a price.</param>
/// <param name="IsLocal">It runs on a machine of the user's, so that a price by its bare name would be another's.</param>
sealed record EstimateRow(ModelTotals Model, Price? Price, Money? Cost, bool IsLocal)
{
    public UsageCounts Usage => Model.Totals.Unpriced;

    /// <summary>Where the price is from, such as `prices.json: gpt-5`, or why there is none.</summary>
    public string PriceText => Price is { } price ? $"{price.Source}: {price.Key}" : IsLocal ? "local model, no price" : "no price found";

    public static EstimateRow Of(ModelTotals model, PriceList prices)
    {
        var usage = model.Totals.Unpriced;
        var price = prices.Find(model.Provider, model.Model);

        return new EstimateRow(model, price, price?.CostOf(usage), prices.IsLocal(model.Provider));
    }
}
