using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Fields that JSON of several verbs have in common. Fields may be added, never renamed; unknown is null.</summary>
static class JsonFields
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <summary>Long answers are handed on in pieces of about this many bytes.</summary>
    const int PieceSize = 1 << 16;

    /// <summary>Writes one object, and a line break.</summary>
    public static void WriteObject(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(new Utf8Text(output), Options);
        try
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        catch
        {
            // Half an answer is none.
            json.Reset();

            throw;
        }

        json.Flush();
        output.WriteLine();
    }

    /// <summary>Writes an array of objects.</summary>
    public static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
            if (json.BytesPending > PieceSize)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>The numbers of a row; shares are of <paramref name="totals" />.</summary>
    public static void WriteTotals(Utf8JsonWriter json, UsageTotals usage, UsageTotals totals)
    {
        json.WriteNumber("responses", usage.All.Events);
        json.WriteNumber("errors", usage.All.Errors);
        json.WriteStartObject("tokens");
        json.WriteNumber("input", usage.All.Input);
        json.WriteNumber("output", usage.All.Output);
        json.WriteNumber("cache_read", usage.All.CacheRead);
        json.WriteNumber("cache_write", usage.All.CacheWrite);
        json.WriteNumber("cache_write_1h", usage.All.CacheWrite1h);
        WriteNumber(json, "reasoning", usage.Reasoning);
        json.WriteNumber("total", usage.All.Total);
        json.WriteEndObject();
        WriteRatio(json, "cache_hit_ratio", usage.CacheHitRatio);
        json.WriteStartObject("cost_usd");
        WriteNumber(json, "recorded", usage.Recorded?.Dollars);
        WriteNumber(json, "provider_billed", usage.Billed?.Dollars);
        json.WriteEndObject();
        WriteNumber(json, "known_cost_usd", usage.Known?.Dollars);
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

    public static void WriteFreshness(Utf8JsonWriter json, Freshness freshness)
    {
        WriteTime(json, "last_collected", freshness.CollectedMs);
        WriteTime(json, "newest_event", freshness.NewestMs);
    }

    /// <summary>The field `forecast`; null where there is none to make.</summary>
    public static void WriteOutlook(Utf8JsonWriter json, Outlook? outlook)
    {
        if (outlook is null)
        {
            json.WriteNull("forecast");

            return;
        }

        json.WriteStartObject("forecast");
        WriteTime(json, "until", outlook.EndMs);
        json.WriteBoolean("too_early", outlook.IsTooEarly);
        json.WriteNumber("days", outlook.Days);
        WriteForecast(json, "known_cost_usd", outlook.Cost, decimals: 6);
        WriteForecast(json, "tokens", outlook.Tokens, decimals: 0);
        json.WriteEndObject();
    }

    static void WriteForecast(Utf8JsonWriter json, string name, Forecast? forecast, int decimals)
    {
        if (forecast is not { } known)
        {
            json.WriteNull(name);

            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("low", Math.Round(known.Low, decimals));
        json.WriteNumber("middle", Math.Round(known.Middle, decimals));
        json.WriteNumber("high", Math.Round(known.High, decimals));
        json.WriteEndObject();
    }

    /// <summary>A time in UTC, or null.</summary>
    public static void WriteTime(Utf8JsonWriter json, string name, long? ms) =>
        json.WriteString(name, ms is { } known && UtcTime.IsValid(known) ? UtcTime.Format(known) : null);

    /// <summary>An array of texts, or null.</summary>
    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string>? texts)
    {
        if (texts is null)
        {
            json.WriteNull(name);

            return;
        }

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
