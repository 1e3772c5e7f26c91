using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>Quotas as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class QuotaJson
{
    public static void Write(TextWriter output, JsonHead head, Quotas quotas) => JsonFields.WriteObject(output, json =>
    {
        head.Write(json);
        WriteQuotas(json, quotas);
    });

    /// <summary>The fields `windows`, `amounts` and `errors`.</summary>
    public static void WriteQuotas(Utf8JsonWriter json, Quotas quotas)
    {
        JsonFields.WriteAll(json, "windows", quotas.Windows, window =>
        {
            var length = WindowLength.Of(window.Last.Series.Window);
            WriteReading(json, window.Last);
            JsonFields.WriteNumber(json, "window_seconds", length / 1000);
            JsonFields.WriteTime(json, "window_start", window.Last.ResetAtMs - length);
            json.WriteBoolean("is_over", window.IsOver);
            JsonFields.WriteRatio(json, "percent_per_hour", window.PercentPerHour);
            JsonFields.WriteTime(json, "empty_at", window.EmptyAtMs);
        });
        JsonFields.WriteAll(json, "amounts", quotas.Amounts, reading => WriteReading(json, reading));
        JsonFields.WriteAll(json, "errors", quotas.Errors, reading => WriteReading(json, reading));
    }

    public static void WriteHistory(TextWriter output, JsonHead head, IEnumerable<QuotaReading> readings) => JsonFields.WriteObject(output, json =>
    {
        head.Write(json);
        JsonFields.WriteAll(json, "readings", readings, reading => WriteReading(json, reading));
    });

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
        JsonFields.WriteNumber(json, "used_percent", reading.UsedPercent);
        JsonFields.WriteTime(json, "reset_at", reading.ResetAtMs);
        JsonFields.WriteNumber(json, "amount", reading.Amount);
        JsonFields.WriteNumber(json, "amount_limit", reading.AmountLimit);
        json.WriteString("unit", series.Unit);
        json.WriteString("period", series.Period);
        json.WriteString("error", reading.Error);
        JsonFields.WriteTime(json, "read_at", reading.TakenMs);
    }
}
