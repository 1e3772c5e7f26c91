using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Messages in the form of Alertmanager's API v2.</summary>
static class Alertmanager
{
    /// <summary>An alert without a known end stands for so long: an alert that nobody renews would be over after five minutes.</summary>
    const long OpenMs = 24L * 3_600_000;

    const string Path = "/api/v2/alerts";

    /// <summary>The address of the API below that of the server.</summary>
    public static Uri AddressOf(Uri server) => server.AbsolutePath.EndsWith(Path, StringComparison.Ordinal)
        ? server
        : new UriBuilder(server) { Path = server.AbsolutePath.TrimEnd('/') + Path }.Uri;

    /// <summary>One alert. Labels are what it is known by, so the end of an alert has the labels of its beginning.</summary>
    public static byte[] ToJson(AlertMessage message)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteStartObject("labels");
            json.WriteString("alertname", message.Kind is "runaway" ? "TokenRunaway" : message.Kind is "quota" ? "TokenQuota" : "TokenBudget");
            json.WriteString("budget", message.Budget);
            json.WriteString("kind", message.Kind);
            json.WriteString("severity", message.Kind is "runaway" || message.Threshold >= 100 ? "critical" : "warning");
            json.WriteString("threshold", message.Threshold.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (message.Instance is { } instance)
            {
                json.WriteString("instance", instance);
            }

            json.WriteEndObject();
            json.WriteStartObject("annotations");
            json.WriteString("summary", message.Text);
            json.WriteEndObject();
            json.WriteString("startsAt", message.FiredAt);
            json.WriteString("endsAt", EndOf(message));
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return stream.ToArray();
    }

    static string EndOf(AlertMessage message)
    {
        _ = UtcTime.TryParse(message.FiredAt, out var fired);

        return message.ResolvedAt ?? message.PeriodEnd ?? UtcTime.Format(fired + OpenMs);
    }
}
