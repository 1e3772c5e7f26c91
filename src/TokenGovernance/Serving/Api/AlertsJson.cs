using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Serving.Api;

/// <summary>Alerts as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class AlertsJson
{
    /// <param name="alerts">In the order they are to stand in.</param>
    public static string Of(IReadOnlyList<Alert> alerts)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("alerts");
            foreach (var alert in alerts)
            {
                Write(json, alert);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static void Write(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject();
        json.WriteNumber("id", alert.Id);
        json.WriteString("kind", alert.Kind.ToString().ToLowerInvariant());
        json.WriteString("budget", alert.Budget);
        json.WriteString("instance", alert.Instance.Length > 0 ? alert.Instance : null);
        json.WriteNumber("threshold", alert.Threshold);
        json.WriteString("fired_at", UtcTime.Format(alert.FiredMs));
        json.WriteString("resolved_at", alert.ResolvedMs is { } resolved ? UtcTime.Format(resolved) : null);
        json.WriteString("text", alert.Text);
        json.WriteEndObject();
    }
}
