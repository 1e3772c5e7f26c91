using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Quotas as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class QuotaJson
{
    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static void Write(TextWriter output, Quotas quotas) => Write(output, json =>
    {
        WriteAll(json, "windows", quotas.Windows, window =>
        {
            WriteReading(json, window.Last);
            json.WriteBoolean("is_over", window.IsOver);
            JsonFormat.WriteRatio(json, "percent_per_hour", window.PercentPerHour);
            WriteTime(json, "empty_at", window.EmptyAtMs);
        });
        WriteAll(json, "amounts", quotas.Amounts, reading => WriteReading(json, reading));
        WriteAll(json, "errors", quotas.Errors, reading => WriteReading(json, reading));
    });

    public static void WriteHistory(TextWriter output, IEnumerable<QuotaReading> readings) => Write(
        output, json => WriteAll(json, "readings", readings, reading => WriteReading(json, reading)));

    static void WriteReading(Utf8JsonWriter json, QuotaReading reading)
    {
        var series = reading.Series;
        json.WriteString("kind", series.Kind);
        json.WriteString("provider", series.Provider);
        json.WriteString("display_name", reading.DisplayName);
        json.WriteString("plan", reading.Plan);
        json.WriteString("account", series.Account);
        json.WriteString("agent", series.Agent);
        json.WriteString("group", series.Group);
        json.WriteString("window", series.Window);
        JsonFormat.WriteNumber(json, "used_percent", reading.UsedPercent);
        WriteTime(json, "reset_at", reading.ResetAtMs);
        JsonFormat.WriteNumber(json, "amount", reading.Amount);
        JsonFormat.WriteNumber(json, "amount_limit", reading.AmountLimit);
        json.WriteString("unit", series.Unit);
        json.WriteString("period", series.Period);
        json.WriteString("error", reading.Error);
        WriteTime(json, "read_at", reading.TakenMs);
    }

    static void WriteAll<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteTime(Utf8JsonWriter json, string name, long? ms) =>
        json.WriteString(name, ms is { } known && UtcTime.IsValid(known) ? UtcTime.Format(known) : null);

    static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
